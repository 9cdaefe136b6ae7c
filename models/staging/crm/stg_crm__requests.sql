-- One row per landed version of a request that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='request_id') }}

{{ staged('crm', 'requests') }}
