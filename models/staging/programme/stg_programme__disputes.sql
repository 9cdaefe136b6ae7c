-- One row per landed version of a dispute that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='dispute_id') }}

{{ staged('programme', 'disputes') }}
