-- One row per landed version of an intervention that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='intervention_id') }}

{{ staged('programme', 'interventions') }}
