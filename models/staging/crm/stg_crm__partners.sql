-- One row per landed version of a partner that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='partner_id') }}

{{ staged('crm', 'partners') }}
