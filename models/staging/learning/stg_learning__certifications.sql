-- One row per landed version of a certification that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='certification_id') }}

{{ staged('learning', 'certifications') }}
