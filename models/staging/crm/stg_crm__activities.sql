-- One row per landed version of an activity that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='activity_id') }}

{{ staged('crm', 'activities') }}
