-- One row per framework, segment and metric: anchors and prior, in the reporting currency.
with anchors as (
    {{ with_fallback(ref('metric_anchors'), ['metric']) }}
),

priors as (
    {{ with_fallback(ref('metric_priors'), ['metric']) }}
),

definitions as (
    select * from {{ ref('metric_definitions') }}
),

framework_segments as (
    select * from {{ ref('framework_segments') }}
),

own as (
    select
        anchors.for_version,
        anchors.for_segment,
        anchors.metric,
        definitions.scale,
        -- Policy states money in euros.
        case when definitions.unit like 'currency%' then cast({{ parameter_rate() }} as double) else 1.0 end as rate,
        anchors.floor_value,
        anchors.target_value,
        anchors.stretch_value,
        priors.prior_value,
        priors.prior_strength
    from anchors
    inner join definitions on anchors.metric = definitions.metric
    inner join priors
        on
            anchors.for_version = priors.for_version
            and anchors.for_segment = priors.for_segment
            and anchors.metric = priors.metric
)

select
    framework_segments.framework,
    framework_segments.framework_version,
    framework_segments.segment,
    own.metric,
    own.scale,
    own.rate * {{ changed(pooled('floor_value'), 'floor_change') }} as floor_value,
    own.rate * {{ changed(pooled('target_value'), 'target_change') }} as target_value,
    own.rate * {{ changed(pooled('stretch_value'), 'stretch_change') }} as stretch_value,
    own.rate * {{ pooled('prior_value') }} as prior_value,
    {{ pooled('prior_strength') }} as prior_strength
from framework_segments
inner join own
    on framework_segments.framework_version = own.for_version and framework_segments.segment = own.for_segment
inner join own as baseline
    on own.for_version = baseline.for_version and own.metric = baseline.metric and baseline.for_segment = 'baseline'
{{ change_of('anchor', 'framework_segments', 'own.metric', part='floor', change='floor_change') }}
{{ change_of('anchor', 'framework_segments', 'own.metric', part='target', change='target_change') }}
{{ change_of('anchor', 'framework_segments', 'own.metric', part='stretch', change='stretch_change') }}
