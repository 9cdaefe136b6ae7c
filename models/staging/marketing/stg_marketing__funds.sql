-- One row per landed version of an allocation that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='fund_id') }}

{{ staged('marketing', 'funds') }}
