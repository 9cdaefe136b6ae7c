-- One row per framework, segment, outcome, week of tenure and metric: its share of the score.
-- Metrics without a source give their weight to their layer, empty layers to the other layers.
with own as (
    {{ with_fallback(ref('metric_weights'), ['outcome', 'metric']) }}
),

framework_segments as (
    select * from {{ ref('framework_segments') }}
),

definitions as (
    select * from {{ ref('metric_definitions') }}
),

availability as (
    select * from {{ ref('metric_availability') }}
),

layer_weights as (
    select * from {{ ref('layer_weights_by_tenure') }}
),

weighted as (
    select
        framework_segments.framework,
        framework_segments.segment,
        own.outcome,
        definitions.layer,
        own.metric,
        availability.is_applicable,
        greatest({{ changed(pooled('weight')) }}, 0) as weight,
        cast(own.most_share as double) as most_share
    from framework_segments
    inner join own
        on framework_segments.framework_version = own.for_version and framework_segments.segment = own.for_segment
    left join own as baseline
        on
            own.for_version = baseline.for_version
            and own.outcome = baseline.outcome
            and own.metric = baseline.metric
            and baseline.for_segment = 'baseline'
    {{ change_of('metric weight', 'framework_segments', 'own.metric', 'own.outcome') }}
    inner join definitions on own.metric = definitions.metric
    inner join availability on own.metric = availability.metric
),

within_layers as (
    select
        *,
        cast(weight as double) / cast(sum(weight) over in_layer as double) as share_of_layer
    from weighted
    where is_applicable
    window in_layer as (partition by framework, segment, outcome, layer)
    -- A layer without any weight is a layer without metrics.
    qualify sum(weight) over in_layer > 0
),

available_layers as (
    select distinct framework, segment, outcome, layer from within_layers
),

available_layer_weights as (
    select
        layer_weights.framework,
        layer_weights.segment,
        layer_weights.outcome,
        layer_weights.tenure_week,
        layer_weights.layer,
        greatest({{ changed('layer_weights.weight') }}, 0) as weight
    from layer_weights
    inner join available_layers
        on
            layer_weights.framework = available_layers.framework
            and layer_weights.segment = available_layers.segment
            and layer_weights.outcome = available_layers.outcome
            and layer_weights.layer = available_layers.layer
    {{ change_of('layer weight', 'layer_weights', 'layer_weights.layer', 'layer_weights.outcome') }}
),

layer_shares as (
    select
        *,
        weight / sum(weight) over (partition by framework, segment, outcome, tenure_week) as share_of_score
    from available_layer_weights
),

uncapped as (
    select
        within_layers.framework,
        within_layers.segment,
        within_layers.outcome,
        layer_shares.tenure_week,
        within_layers.layer,
        within_layers.metric,
        within_layers.most_share,
        layer_shares.share_of_score * within_layers.share_of_layer as share
    from within_layers
    inner join layer_shares
        on
            within_layers.framework = layer_shares.framework
            and within_layers.segment = layer_shares.segment
            and within_layers.outcome = layer_shares.outcome
            and within_layers.layer = layer_shares.layer
),

-- A metric that rests on opinion has a most share; what it may not have goes to the others.
capped as (
    select
        *,
        case when share > most_share then most_share end as capped_share,
        sum(case when share > most_share then most_share end) over in_score as capped_total,
        sum(case when share > most_share then 0 else share end) over in_score as free_total
    from uncapped
    window in_score as (partition by framework, segment, outcome, tenure_week)
)

select
    framework,
    segment,
    outcome,
    tenure_week,
    layer,
    metric,
    -- Rounded, because the order of a sum must not reach the score.
    round(
        case
            -- Nothing else is there to take the rest.
            when free_total = 0 then share
            else coalesce(capped_share, share / free_total * (1 - coalesce(capped_total, 0)))
        end, 12
    ) as weight
from capped
