-- One row per landed version of a touch that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='touch_id') }}

{{ staged('marketing', 'touches') }}
