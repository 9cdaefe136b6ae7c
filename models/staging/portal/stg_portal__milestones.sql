-- One row per landed version of a milestone that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='milestone_id') }}

{{ staged('portal', 'milestones') }}
