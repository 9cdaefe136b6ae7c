-- One row: the last week that is scored, and what was known then. No model reads a clock. Stored, because
-- every model from here on asks for it, and the answer takes a look at every activity.
{{ config(materialized='table') }}

with activity_records as (
    select * from {{ ref('activity_records') }}
),

activity_types as (
    select * from {{ ref('activity_types') }}
),

reported_days as (
    -- A date set in advance (a due date, a lapse) does not say how far the data reaches.
    select
        cast(activity_records.occurred_at as date) as day,
        {{ week_start('activity_records.occurred_at') }} as week_start
    from activity_records
    inner join activity_types on activity_records.activity_type = activity_types.activity_type
    where
        activity_records.superseded_at is null
        and not activity_types.is_scheduled
        and activity_records.occurred_at <= activity_records.loaded_at
),

weeks as (
    select
        week_start,
        max(day) as last_day,
        count(*) as activities
    from reported_days
    group by week_start
),

usual_weeks as (
    select
        *,
        avg(activities) over (
            order by week_start asc nulls last rows between 13 preceding and 1 preceding
        ) as usual_activities
    from weeks
),

last_day as (
    {% if var('as_of') %}
    select cast('{{ var("as_of") }}' as date) as day
    {% else %}
    select max(last_day) as day
    from usual_weeks
    where
        usual_activities is null
        or activities >= usual_activities * (
            select value from {{ ref('metric_parameters') }} where parameter = 'complete_week_share'
        )
    {% endif %}
),

last_arrival as (
    select max(changed_at) as known_at from activity_records
)

select
    -- The last week that is over by the end of that day.
    {{ add_weeks(week_start(add_days('last_day.day', 1)), -1) }} as as_of_week,
    {{ add_days(week_start(add_days('last_day.day', 1)), -1) }} as as_of_on,
    {% if var('known_at') %}cast('{{ var("known_at") }}' as timestamp){% else %}last_arrival.known_at{% endif %} as known_at
from last_day
cross join last_arrival
