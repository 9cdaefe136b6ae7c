-- One row per framework version, segment and metric: anchors and prior, in the reporting currency.
with anchors as (
    {{ with_fallback(ref('metric_anchors'), ['metric']) }}
),

priors as (
    {{ with_fallback(ref('metric_priors'), ['metric']) }}
),

definitions as (
    select * from {{ ref('metric_definitions') }}
),

units as (
    -- Policy states money in euros.
    select
        metric,
        case when unit like 'currency%' then cast({{ parameter_rate() }} as double) else 1.0 end as rate
    from definitions
),

amounts as (
    select
        anchors.framework_version,
        anchors.for_segment as segment,
        anchors.metric,
        definitions.scale,
        anchors.floor_value * units.rate as floor_value,
        anchors.target_value * units.rate as target_value,
        anchors.stretch_value * units.rate as stretch_value,
        priors.prior_value * units.rate as prior_value,
        priors.prior_strength
    from anchors
    inner join definitions on anchors.metric = definitions.metric
    inner join priors
        on
            anchors.framework_version = priors.framework_version
            and anchors.for_segment = priors.for_segment
            and anchors.metric = priors.metric
    inner join units on anchors.metric = units.metric
)

select * from amounts
