-- A metric made of ratings has a most share, and no metric weighs more than its own. One row per breach.
with weights as (
    {{ with_fallback(ref('metric_weights'), ['outcome', 'metric']) }}
),

definitions as (
    select * from {{ ref('metric_definitions') }}
)

select effective.framework, effective.segment, weights.metric, effective.tenure_week, effective.weight
from weights
inner join definitions on weights.metric = definitions.metric
inner join {{ ref('frameworks') }} as frameworks on weights.for_version = frameworks.framework_version
inner join {{ ref('effective_weights') }} as effective
    on
        frameworks.framework = effective.framework
        and weights.for_segment = effective.segment
        and weights.outcome = effective.outcome
        and weights.metric = effective.metric
where
    (definitions.sources = 'feedback.ratings' and weights.most_share is null)
    -- Alone, a metric has the whole weight: there is nothing else to give it to.
    or (effective.weight > weights.most_share + 0.000000001 and effective.weight < 1)
