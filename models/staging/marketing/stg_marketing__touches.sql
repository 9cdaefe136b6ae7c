-- One row per landed version of a touch that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='touch_id') }}

{{ staged('marketing', 'touches') }}
