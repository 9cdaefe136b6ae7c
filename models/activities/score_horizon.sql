-- One row: the last week that is scored, and what was known then. No model reads a clock.
with activity_records as (
    select * from {{ ref('activity_records') }}
),

last_activity as (
    {% if var('as_of') %}
    select cast('{{ var("as_of") }}' as date) as day
    {% else %}
    -- Due dates and lapses lie ahead; only what has been reported counts as the last day of the data.
    select max(cast(occurred_at as date)) as day
    from activity_records
    where superseded_at is null and occurred_at <= loaded_at
    {% endif %}
),

last_arrival as (
    select max(changed_at) as known_at from activity_records
)

select
    -- The last week that is over by the end of that day.
    {{ add_weeks(week_start(add_days('last_activity.day', 1)), -1) }} as as_of_week,
    {{ add_days(week_start(add_days('last_activity.day', 1)), -1) }} as as_of_on,
    {% if var('known_at') %}cast('{{ var("known_at") }}' as timestamp){% else %}last_arrival.known_at{% endif %} as known_at
from last_activity
cross join last_arrival
