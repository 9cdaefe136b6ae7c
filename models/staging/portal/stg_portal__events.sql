-- One row per landed version of an event that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='event_id') }}

{{ staged('portal', 'events') }}
