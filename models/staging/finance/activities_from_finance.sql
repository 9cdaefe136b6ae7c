-- One row per booking, of every landed version of its record.
{{ config(materialized='view') }}

with bookings as (
    {{ with_rates(ref('stg_finance__bookings'), 'booked_at') }}
),

activities as (
    select {{ activity("'booking'", 'booked_at', 'booking_id', 'finance.bookings',
        quantity="case when sourcing = 'sourced' then 1 else 0 end", amount='amount') }}
    from bookings
)

select * from activities
