-- One row per landed version of a dispute that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='dispute_id') }}

{{ staged('programme', 'disputes') }}
