-- One row per thing that is unusual in the last scored week, by kind: a source that delivers otherwise, partners that
-- behave otherwise, or a partner that seems to play for its score. A metric whose source is unusual is the source's.
with horizon as (
    select * from {{ ref('score_horizon') }}
),

sources as (
    select * from {{ ref('source_drift') }}
    where verdict in ('fewer records than usual', 'more records than usual')
),

metric_sources as (
    {{ sources_of_metrics() }}
),

unusual_measures as (
    select metric_sources.metric as measure, min(sources.source) as source
    from metric_sources
    inner join sources on metric_sources.source = sources.source
    where sources.week_start > {{ add_weeks('(select as_of_week from horizon)', -13) }}
    group by metric_sources.metric
),

levels as (
    select * from {{ ref('behaviour_drift') }}
    where week_start = (select as_of_week from horizon) and verdict not in ('as usual', 'insufficient')
),

populations as (
    select * from {{ ref('population_stability') }}
    where week_start = (select as_of_week from horizon) and verdict in ('moved', 'shifted')
),

gaming as (
    select * from {{ ref('gaming_of_days') }}
    union all
    select * from {{ ref('gaming_of_records') }}
    union all
    select * from {{ ref('gaming_of_targets') }}
)

select
    'source' as kind,
    'volume' as signal,
    source as subject,
    'records of four weeks' as about,
    verdict,
    cast(records as double) as observed,
    usual_records as expected,
    z as strength,
    week_start
from sources
where week_start = (select as_of_week from horizon)
union all
select
    'source' as kind,
    'freshness' as signal,
    source as subject,
    'days since the newest record' as about,
    verdict,
    cast(silent_days as double) as observed,
    usual_silent_days as expected,
    z as strength,
    week_start
from {{ ref('source_silence') }}
where week_start = (select as_of_week from horizon) and verdict = 'silent for longer than usual'
union all
select
    case when verdict = 'follows its source' then 'source' else 'behaviour' end as kind,
    'median' as signal,
    metric as subject,
    coalesce('follows ' || unusual_source, 'change in a quarter') as about,
    verdict,
    level as observed,
    level_before as expected,
    z as strength,
    week_start
from levels
union all
select
    case when unusual_measures.measure is not null then 'source' else 'behaviour' end as kind,
    'population' as signal,
    populations.measure as subject,
    coalesce('follows ' || unusual_measures.source, 'since version ' || cast(populations.framework_version as {{ dbt.type_string() }})) as about,
    populations.verdict,
    populations.stability_index as observed,
    populations.chance_limit as expected,
    populations.stability_index / populations.chance_limit as strength,
    populations.week_start
from populations
left join unusual_measures on populations.measure = unusual_measures.measure
union all
select
    'gaming' as kind,
    gaming.signal,
    gaming.partner_id as subject,
    gaming.about,
    gaming.verdict,
    gaming.observed,
    gaming.expected,
    gaming.z as strength,
    horizon.as_of_week as week_start
from gaming
cross join horizon
where gaming.verdict = 'unusual'
