-- One row per landed version of a booking that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='booking_id') }}

{{ staged('finance', 'bookings') }}
