-- One row per landed version of a partner that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='partner_id') }}

{{ staged('crm', 'partners') }}
