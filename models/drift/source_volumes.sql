-- One row per source entity and week up to the last scored one: records of what happened in the four weeks up to
-- its end, and days since the newest of them. Weeks without records are there too: silence counts.
with horizon as (
    select * from {{ ref('score_horizon') }}
),

scheduled as (
    select activity_type from {{ ref('activity_types') }} where is_scheduled
),

records as (
    select
        source,
        {{ week_start('occurred_at') }} as week_start,
        cast(occurred_at as date) as day
    from {{ ref('activities') }}
    -- A date set in advance says nothing about deliveries.
    where
        activity_type not in (select activity_type from scheduled)
        and occurred_at < {{ add_days('(select as_of_on from horizon)', 1) }}
),

weekly as (
    select
        source,
        week_start,
        count(*) as records,
        max(day) as newest_day
    from records
    group by source, week_start
),

-- A source begins with its first record.
began as (
    select source, min(week_start) as first_week
    from weekly
    group by source
),

weeks as (
    select distinct week_start from {{ ref('partner_calendar') }}
    where week_start <= (select as_of_week from horizon)
),

spine as (
    select
        began.source,
        weeks.week_start,
        coalesce(weekly.records, 0) as records,
        weekly.newest_day
    from began
    inner join weeks on began.first_week <= weeks.week_start
    left join weekly on began.source = weekly.source and weeks.week_start = weekly.week_start
)

select
    source,
    week_start,
    cast(records as bigint) as week_records,
    cast(sum(records) over last_weeks as bigint) as records,
    cast(count(*) over last_weeks as integer) as weeks,
    cast({{ days_between('max(newest_day) over so_far', add_days('week_start', 6)) }} as integer) as silent_days
from spine
window
    last_weeks as (partition by source order by week_start asc nulls last rows between 3 preceding and current row),
    so_far as (partition by source order by week_start asc nulls last rows between unbounded preceding and current row)
