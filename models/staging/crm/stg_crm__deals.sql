-- One row per landed version of a deal that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='deal_id') }}

{{ staged('crm', 'deals') }}
