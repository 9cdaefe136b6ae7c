-- One row per origin and quarter that is forecast at its end: from the last scored week the quarters that begin
-- within the weeks that predictions cover (and what is left of the running one), and for each past quarter
-- the last monthly origin that was over before it began, to be judged.
with origins as (
    select * from {{ ref('prediction_origins') }}
),

newest as (
    select * from origins where is_newest
),

weeks as (
    select {{ add_weeks('first.week_start', 'steps.step - 13') }} as week_start
    from (select min(origin_week) as week_start from origins) as first
    cross join newest
    cross join {{ steps(2600) }}
    -- A year and a quarter ahead: outcomes of policy cover no more.
    where steps.step <= {{ weeks_between('first.week_start', 'newest.origin_week') }} + 78
),

starts as (
    select distinct {{ quarter_of_week('week_start') }} as quarter_start from weeks
),

quarters as (
    select
        quarter_start,
        {{ first_week_of_quarter('quarter_start') }} as first_week,
        {{ add_weeks(first_week_of_quarter('lead(quarter_start) over (order by quarter_start asc nulls last)'), -1) }} as last_week
    from starts
),

ahead as (
    select
        newest.origin_week,
        quarters.*,
        false as is_past
    from newest
    cross join {{ forecast_definition() }} as definition
    inner join quarters
        on
            newest.origin_week < quarters.last_week
            and quarters.first_week <= {{ add_weeks('newest.origin_week', 'definition.last_week') }}
),

-- A quarter that no month's first week precedes is not judged.
past as (
    select
        max(origins.origin_week) as origin_week,
        quarters.quarter_start,
        quarters.first_week,
        quarters.last_week,
        true as is_past
    from quarters
    cross join newest
    inner join origins
        on
            origins.is_monthly
            and quarters.first_week > origins.origin_week
            and quarters.first_week <= {{ add_weeks('origins.origin_week', 6) }}
    where quarters.last_week <= newest.origin_week and quarters.first_week >= newest.history_from
    group by quarters.quarter_start, quarters.first_week, quarters.last_week
),

forecast as (
    select * from ahead
    union all
    select origin_week, quarter_start, first_week, last_week, is_past from past
),

counted as (
    select
        forecast.*,
        cast(greatest({{ weeks_between('forecast.origin_week', 'forecast.first_week') }}, 1) as integer) as first_ahead,
        {{ weeks_between('forecast.origin_week', 'forecast.last_week') }} as last_ahead
    from forecast
)

select
    counted.origin_week,
    counted.quarter_start,
    {{ quarter_name('counted.quarter_start') }} as quarter,
    counted.first_week,
    counted.last_week,
    counted.first_ahead,
    counted.last_ahead,
    cast({{ weeks_between('counted.first_week', 'counted.last_week') }} + 1 as integer) as quarter_weeks,
    cast(counted.last_ahead - counted.first_ahead + 1 as integer) as forecast_weeks,
    cast(greatest(counted.last_ahead - greatest(counted.first_ahead - 1, definition.last_week), 0) as integer) as extrapolated_weeks,
    counted.first_week <= counted.origin_week as is_running,
    counted.is_past,
    origins.history_from
from counted
cross join {{ forecast_definition() }} as definition
inner join origins on counted.origin_week = origins.origin_week
