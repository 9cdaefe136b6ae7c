-- One row per metric and week of the last year: whether the median partner has moved in the quarter up to then more
-- than medians usually do in a quarter. The earlier quarters that it is held against end before the tested one
-- begins. Robust z, and never surer than a median of so many partners is.
{%- set quarter = 13 %}
with levels as (
    select * from {{ ref('metric_levels') }} where partners >= {{ parameter('drift_least_partners') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

numbers as (
    select
        {{ parameter('drift_deviations') }} as deviations,
        {{ parameter('drift_least_reference_weeks') }} as least_reference_weeks
),

changes as (
    select
        later.measure,
        later.week_start,
        later.partners,
        later.level,
        earlier.level as level_before,
        later.level - earlier.level as change,
        sqrt(later.level_error * later.level_error + earlier.level_error * earlier.level_error) as change_error
    from levels as later
    inner join levels as earlier
        on later.measure = earlier.measure and later.week_start = {{ add_weeks('earlier.week_start', quarter) }}
),

tested as (
    select * from changes where week_start > {{ add_weeks('(select as_of_week from horizon)', -52) }}
),

reference as (
    select
        tested.measure,
        tested.week_start,
        earlier.change
    from tested
    inner join changes as earlier
        on
            tested.measure = earlier.measure
            and earlier.week_start <= {{ add_weeks('tested.week_start', -quarter) }}
            and earlier.week_start > {{ add_weeks('tested.week_start', -quarter - 52) }}
),

usual as ({{ robust_levels('reference', ['measure', 'week_start'], 'change') }}
),

-- Whether a source of the metric was unusual in the quarter: then it is the source that drifts.
unusual_sources as (
    select source, week_start from {{ ref('source_drift') }}
    where verdict in ('fewer records than usual', 'more records than usual')
),

metric_sources as (
    {{ sources_of_metrics() }}
),

explained as (
    select tested.measure, tested.week_start, min(unusual_sources.source) as source
    from tested
    inner join metric_sources on tested.measure = metric_sources.metric
    inner join unusual_sources
        on
            metric_sources.source = unusual_sources.source
            and tested.week_start >= unusual_sources.week_start
            and unusual_sources.week_start > {{ add_weeks('tested.week_start', -quarter) }}
    group by tested.measure, tested.week_start
),

measured as (
    select
        tested.*,
        usual.middle,
        coalesce(usual.observations, 0) as reference_weeks,
        explained.source as unusual_source,
        (tested.change - usual.middle) / nullif(greatest(usual.spread, tested.change_error), 0) as z,
        numbers.deviations,
        numbers.least_reference_weeks
    from tested
    cross join numbers
    left join usual on tested.measure = usual.measure and tested.week_start = usual.week_start
    left join explained on tested.measure = explained.measure and tested.week_start = explained.week_start
)

select
    measure as metric,
    week_start,
    case
        when reference_weeks < least_reference_weeks then 'insufficient'
        when coalesce(abs(z), 0) <= deviations then 'as usual'
        when unusual_source is not null then 'follows its source'
        when z > 0 then 'higher than usual'
        else 'lower than usual'
    end as verdict,
    unusual_source,
    partners,
    reference_weeks,
    round(level, 9) as level,
    round(level_before, 9) as level_before,
    round(z, 6) as z
from measured
