-- One row per landed version of an allocation that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='fund_id') }}

{{ staged('marketing', 'funds') }}
