-- No booking is lost or counted twice on its way. One row per booking that is worth something else as an
-- activity; those that wait for their partner or a rate are in `held_activities`.
with bookings as (
    select bookings.booking_id, cast(bookings.amount as double) * cast(rates.rate as double) as amount
    from {{ ref('stg_finance__bookings') }} as bookings
    inner join {{ ref('partners') }} as partners on bookings.partner_id = partners.partner_id
    inner join {{ ref('reporting_rates') }} as rates
        on bookings.currency = rates.currency and extract(year from bookings.booked_at) = rates.rate_year
    where bookings.superseded_at is null
),

activities as (
    select * from {{ ref('activities') }} where activity_type = 'booking'
)

select bookings.booking_id, activities.source_record_id, bookings.amount, activities.amount as amount_of_activity
from bookings
full join activities on bookings.booking_id = activities.source_record_id
where coalesce(abs(bookings.amount - cast(activities.amount as double)) > 0.005001, true)
