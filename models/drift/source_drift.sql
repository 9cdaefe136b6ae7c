-- One row per source entity and week of the last year: whether what it delivered of the four weeks up to then is
-- usual for it. The change since a year ago (without a year of history: since the 13 weeks before) is held against
-- the changes of half a year of earlier windows, none of which shares a week with the tested one.
-- Robust z: (change - median) / (1.4826 x median absolute deviation), and never surer than Poisson counts are.
with volumes as (
    select * from {{ ref('source_volumes') }} where weeks = 4
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

numbers as (
    select
        {{ parameter('drift_deviations') }} as deviations,
        {{ parameter('drift_least_volume_change') }} as least_change,
        {{ parameter('drift_least_reference_weeks') }} as least_reference_weeks,
        {{ parameter('drift_least_spread') }} as least_spread
),

compared as (
    select
        later.source,
        later.week_start,
        later.records,
        later.silent_days,
        earlier.records as records_before,
        earlier.records is not null as has_year,
        ln(later.records + 1) - ln(earlier.records + 1) as change,
        1.0 / (later.records + 1) + 1.0 / (earlier.records + 1) as poisson_variance
    from volumes as later
    left join volumes as earlier
        on later.source = earlier.source and later.week_start = {{ add_weeks('earlier.week_start', 52) }}
),

-- Young programmes: the usual level is that of the windows of the quarter before.
levels as (
    select
        later.source,
        later.week_start,
        median(ln(earlier.records + 1)) as usual_log,
        cast(count(*) as integer) as weeks_found
    from volumes as later
    inner join volumes as earlier
        on
            later.source = earlier.source
            and earlier.week_start <= {{ add_weeks('later.week_start', -4) }}
            and earlier.week_start >= {{ add_weeks('later.week_start', -16) }}
    group by later.source, later.week_start
),

changes as (
    select
        compared.source,
        compared.week_start,
        compared.records,
        compared.silent_days,
        compared.has_year,
        case when compared.has_year then compared.records_before else round(exp(levels.usual_log) - 1) end as records_before,
        coalesce(compared.change, ln(compared.records + 1) - levels.usual_log) as change,
        coalesce(compared.poisson_variance, 1.0 / (compared.records + 1) + 1.0 / exp(levels.usual_log)) as poisson_variance
    from compared
    left join levels on compared.source = levels.source and compared.week_start = levels.week_start
    where compared.has_year or levels.weeks_found >= 8
),

tested as (
    select * from changes
    where week_start > {{ add_weeks('(select as_of_week from horizon)', -52) }}
),

reference as (
    select
        tested.source,
        tested.week_start,
        earlier.change
    from tested
    inner join changes as earlier
        on
            tested.source = earlier.source
            and tested.has_year = earlier.has_year
            and earlier.week_start <= {{ add_weeks('tested.week_start', -4) }}
            and earlier.week_start >= {{ add_weeks('tested.week_start', -29) }}
),

usual as ({{ robust_levels('reference', ['source', 'week_start'], 'change') }}
),

measured as (
    select
        tested.*,
        usual.middle,
        coalesce(usual.observations, 0) as reference_weeks,
        (tested.change - usual.middle) / greatest(usual.spread, sqrt(tested.poisson_variance), numbers.least_spread) as z,
        numbers.deviations,
        numbers.least_change,
        numbers.least_reference_weeks
    from tested
    cross join numbers
    left join usual on tested.source = usual.source and tested.week_start = usual.week_start
)

select
    source,
    week_start,
    case
        when reference_weeks < least_reference_weeks then 'insufficient'
        when z < -deviations and exp(change - middle) < 1 - least_change then 'fewer records than usual'
        when z > deviations and exp(change - middle) > 1 / (1 - least_change) then 'more records than usual'
        else 'as usual'
    end as verdict,
    case when has_year then 'a year ago' else 'the quarter before' end as compared_with,
    cast(records as bigint) as records,
    round(cast(records_before * exp(middle) as double), 6) as usual_records,
    reference_weeks,
    silent_days,
    round(z, 6) as z
from measured
