-- One row per landed version of a commitment that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='commitment_id') }}

{{ staged('marketing', 'commitments') }}
