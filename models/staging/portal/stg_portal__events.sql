-- One row per landed version of an event that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='event_id') }}

{{ staged('portal', 'events') }}
