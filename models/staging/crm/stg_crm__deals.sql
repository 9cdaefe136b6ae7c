-- One row per landed version of a deal that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='deal_id') }}

{{ staged('crm', 'deals') }}
