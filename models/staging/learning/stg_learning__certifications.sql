-- One row per landed version of a certification that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='certification_id') }}

{{ staged('learning', 'certifications') }}
