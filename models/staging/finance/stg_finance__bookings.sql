-- One row per landed version of a booking that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='booking_id') }}

{{ staged('finance', 'bookings') }}
