-- One row per landed version of a request that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='request_id') }}

{{ staged('crm', 'requests') }}
