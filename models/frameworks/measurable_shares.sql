-- One row per framework version, segment and outcome: how much of the framework's weight the programme's sources can
-- measure at all, for a mature partner.
{{ config(materialized='table') }}

with metric_weights as (
    {{ with_fallback(ref('metric_weights'), ['outcome', 'metric']) }}
),

definitions as (
    select * from {{ ref('metric_definitions') }}
),

availability as (
    select * from {{ ref('metric_availability') }}
),

mature_layers as (
    select
        frameworks.framework_version,
        layer_weights.*
    from {{ ref('layer_weights_by_tenure') }} as layer_weights
    inner join {{ ref('frameworks') }} as frameworks on layer_weights.framework = frameworks.framework
    where
        frameworks.role in ('official', 'proposed')
        and layer_weights.tenure_week = (select max(tenure_week) from {{ ref('layer_weights_by_tenure') }})
),

within_layers as (
    select
        metric_weights.for_version as framework_version,
        metric_weights.for_segment as segment,
        metric_weights.outcome,
        definitions.layer,
        cast(sum(case when availability.is_applicable then metric_weights.weight else 0 end) as double)
        / cast(sum(metric_weights.weight) as double) as measurable_share,
        cast(count(*) filter (where availability.is_applicable) as integer) as metrics_measurable,
        cast(count(*) as integer) as metrics_defined
    from metric_weights
    inner join definitions on metric_weights.metric = definitions.metric
    inner join availability on metric_weights.metric = availability.metric
    group by metric_weights.for_version, metric_weights.for_segment, metric_weights.outcome, definitions.layer
)

select
    within_layers.framework_version,
    within_layers.segment,
    within_layers.outcome,
    cast(sum(within_layers.metrics_measurable) as integer) as metrics_measurable,
    cast(sum(within_layers.metrics_defined) as integer) as metrics_defined,
    round(sum(within_layers.measurable_share * mature_layers.weight), 12) as breadth
from within_layers
inner join mature_layers
    on
        within_layers.framework_version = mature_layers.framework_version
        and within_layers.segment = mature_layers.segment
        and within_layers.outcome = mature_layers.outcome
        and within_layers.layer = mature_layers.layer
group by within_layers.framework_version, within_layers.segment, within_layers.outcome
