-- One row per landed version of an intervention that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='intervention_id') }}

{{ staged('programme', 'interventions') }}
