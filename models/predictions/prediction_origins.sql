-- One row per week at whose end predictions are made: the first of each month, and the last scored one.
with prediction_weeks as (
    select * from {{ ref('prediction_weeks') }}
),

framework_weeks as (
    select * from {{ ref('framework_weeks') }} where is_official and is_leading
),

weeks as (
    select week_start, count(*) as partners
    from prediction_weeks
    group by week_start
)

select
    weeks.week_start as origin_week,
    framework_weeks.framework_version,
    cast(weeks.partners as integer) as partners,
    {{ is_origin('weeks.week_start') }} as is_monthly,
    weeks.week_start = (select as_of_week from {{ ref('score_horizon') }}) as is_newest,
    -- What is older tells of another programme.
    {{ add_weeks('weeks.week_start', '-cast(' ~ parameter('prediction_history') ~ ' as integer)') }} as history_from
from weeks
inner join framework_weeks on weeks.week_start = framework_weeks.week_start
