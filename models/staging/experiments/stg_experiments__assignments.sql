-- One row per landed version of an assignment that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='assignment_id') }}

{{ staged('experiments', 'assignments') }}
