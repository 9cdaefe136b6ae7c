-- One row per landed version of a rating that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='rating_id') }}

{{ staged('feedback', 'ratings') }}
