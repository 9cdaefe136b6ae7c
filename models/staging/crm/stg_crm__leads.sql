-- One row per landed version of a lead that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='lead_id') }}

{{ staged('crm', 'leads') }}
