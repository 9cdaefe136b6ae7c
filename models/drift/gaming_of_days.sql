-- One row per partner and activity type: whether its records of the last quarter fall on fewer days than so many
-- records do. Expected: n records at random fall on 91 x (1 - exp(-n / 91)) days; how far partners are from
-- that is compared between partners (robust z of logarithms), for nobody works on all days alike.
{%- set days = 91 %}
with horizon as (
    select * from {{ ref('score_horizon') }}
),

numbers as (
    select
        {{ parameter('gaming_deviations') }} as deviations,
        {{ parameter('gaming_least_records') }} as least_records,
        {{ parameter('gaming_least_spread') }} as least_spread,
        {{ parameter('drift_least_partners') }} as least_partners
),

-- What the partner does by itself; what is scheduled is set by others.
records as (
    select
        activities.partner_id,
        activities.activity_type,
        cast(count(*) as double) as records,
        cast(count(distinct activities.counted_on) as double) as active_days
    from {{ ref('activities') }} as activities
    inner join {{ ref('activity_types') }} as activity_types on activities.activity_type = activity_types.activity_type
    cross join horizon
    where
        activity_types.counts_as_active
        and not activity_types.is_scheduled
        and activities.counted_on > {{ add_days('horizon.as_of_on', -days) }}
        and activities.counted_on <= horizon.as_of_on
    group by activities.partner_id, activities.activity_type
),

busy as (
    select
        records.*,
        {{ days }} * (1 - exp(-records.records / {{ days }})) as usual_days,
        ln({{ days }} * (1 - exp(-records.records / {{ days }})) / records.active_days) as crowding
    from records
    cross join numbers
    where records.records >= numbers.least_records
),

usual as ({{ robust_levels('busy', ['activity_type'], 'crowding') }}
),

tested as (
    select
        busy.*,
        busy.usual_days * exp(-usual.middle) as expected_days,
        case
            when usual.observations >= numbers.least_partners
                then (busy.crowding - usual.middle) / greatest(usual.spread, numbers.least_spread)
        end as z,
        numbers.deviations
    from busy
    inner join usual on busy.activity_type = usual.activity_type
    cross join numbers
)

select
    partner_id,
    'many on one day' as signal,
    activity_type as about,
    case
        when z is null then 'insufficient'
        when z >= deviations then 'unusual'
        else 'as usual'
    end as verdict,
    cast(records as integer) as records,
    round(records / active_days, 9) as observed,
    round(records / expected_days, 9) as expected,
    round(z, 6) as z
from tested
