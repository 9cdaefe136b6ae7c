-- One row per landed version of an answer that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='response_id') }}

{{ staged('feedback', 'surveys') }}
