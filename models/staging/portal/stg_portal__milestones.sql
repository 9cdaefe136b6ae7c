-- One row per landed version of a milestone that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='milestone_id') }}

{{ staged('portal', 'milestones') }}
