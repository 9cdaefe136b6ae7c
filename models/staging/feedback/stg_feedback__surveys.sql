-- One row per landed version of an answer that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='response_id') }}

{{ staged('feedback', 'surveys') }}
