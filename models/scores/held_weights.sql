-- One row per version, segment and week of tenure, and week in which values of a broken source are
-- held: the share of the framework that rests on them. No row where nothing is held.
with weights as (
    select * from {{ ref('effective_weights') }}
),

frameworks as (
    select * from {{ ref('frameworks') }} where role = 'official'
),

availability as (
    select * from {{ ref('metric_availability') }} where fresh_until is not null
),

weeks as (
    select distinct week_start from {{ ref('partner_calendar') }}
)

select
    frameworks.framework_version,
    weights.segment,
    weights.tenure_week,
    weeks.week_start,
    round(sum(weights.weight) / {{ outcomes() | length }}, 9) as held_weight
from weights
inner join frameworks on weights.framework = frameworks.framework
inner join availability on weights.metric = availability.metric
inner join weeks on weeks.week_start > availability.fresh_until
group by frameworks.framework_version, weights.segment, weights.tenure_week, weeks.week_start
