-- One row per landed version of a commitment that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='commitment_id') }}

{{ staged('marketing', 'commitments') }}
