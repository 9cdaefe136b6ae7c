-- One row per landed version of a rating that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='rating_id') }}

{{ staged('feedback', 'ratings') }}
