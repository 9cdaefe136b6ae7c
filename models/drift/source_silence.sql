-- One row per source entity and week of the last year: whether it has been silent for longer than is usual for it and
-- the season. Days since its newest record are held against half a year of earlier weeks, none of the last four, by
-- robust z; what was as silent in the same weeks a year ago is the season's.
with volumes as (
    select * from {{ ref('source_volumes') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

tested as (
    select * from volumes
    where week_start > {{ add_weeks('(select as_of_week from horizon)', -52) }}
),

reference as (
    select
        tested.source,
        tested.week_start,
        earlier.silent_days
    from tested
    inner join volumes as earlier
        on
            tested.source = earlier.source
            and earlier.week_start <= {{ add_weeks('tested.week_start', -4) }}
            and earlier.week_start >= {{ add_weeks('tested.week_start', -29) }}
),

usual as ({{ robust_levels('reference', ['source', 'week_start'], 'silent_days') }}
),

-- The same week a year ago and two on either side: holidays move.
year_ago as (
    select
        tested.source,
        tested.week_start,
        max(earlier.silent_days) as silent_days
    from tested
    inner join volumes as earlier
        on
            tested.source = earlier.source
            and earlier.week_start >= {{ add_weeks('tested.week_start', -54) }}
            and earlier.week_start <= {{ add_weeks('tested.week_start', -50) }}
    group by tested.source, tested.week_start
),

measured as (
    select
        tested.source,
        tested.week_start,
        tested.silent_days,
        year_ago.silent_days as silent_days_year_ago,
        usual.middle,
        coalesce(usual.observations, 0) as reference_weeks,
        -- A day is the finest that is measured, so no spread is less.
        (tested.silent_days - usual.middle) / greatest(usual.spread, 1.0) as z
    from tested
    left join usual on tested.source = usual.source and tested.week_start = usual.week_start
    left join year_ago on tested.source = year_ago.source and tested.week_start = year_ago.week_start
)

select
    source,
    week_start,
    case
        when reference_weeks < {{ parameter('drift_least_reference_weeks') }} then 'insufficient'
        when z > {{ parameter('drift_deviations') }} and silent_days > coalesce(silent_days_year_ago, -1)
            then 'silent for longer than usual'
        else 'as usual'
    end as verdict,
    reference_weeks,
    silent_days,
    silent_days_year_ago,
    cast(middle as double) as usual_silent_days,
    round(cast(z as double), 6) as z
from measured
