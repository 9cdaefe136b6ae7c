-- One row per number that policy decides, other than weights: what a metric or a score is held against.
with definitions as (
    select * from {{ ref('metric_definitions') }}
),

thresholds as (
    {% for level in ['floor', 'target', 'stretch'] %}
    select
        'anchor: {{ level }}' as kind,
        anchors.metric as name,
        anchors.framework_version,
        anchors.segment,
        'both' as outcome,
        anchors.{{ level }}_value as threshold,
        replace(definitions.unit, 'currency', 'euros') as unit,
        anchors.owner,
        anchors.reason
    from {{ ref('metric_anchors') }} as anchors
    inner join definitions on anchors.metric = definitions.metric
    union all
    {% endfor %}
    select
        'band' as kind,
        band as name,
        framework_version,
        'baseline' as segment,
        outcome,
        lower_bound as threshold,
        'points' as unit,
        owner,
        reason
    from {{ ref('score_bands') }}
    union all
    select
        'stability rule' as kind,
        rule as name,
        framework_version,
        'baseline' as segment,
        'both' as outcome,
        value as threshold,
        unit,
        owner,
        reason
    from {{ ref('stability_rules') }}
    union all
    select
        'parameter' as kind,
        parameter as name,
        cast(0 as integer) as framework_version,
        'baseline' as segment,
        'both' as outcome,
        value as threshold,
        unit,
        owner,
        reason
    from {{ ref('metric_parameters') }}
)

select * from thresholds
