-- One row per partner, week and framework that scores it: points and weight of every layer of both
-- outcomes. A layer's score is its points / its weight; the points of the layers add up to the score
-- before the overlay. Coverage is the observed share of the weight, confidence the share that rests
-- on the partner's own record and not on a prior.
{{ config(materialized='view') }}

with metric_scores as (
    select * from {{ ref('metric_scores') }}
),

weights as (
    select * from {{ ref('effective_weights_wide') }}
),

adjustments as (
    select * from {{ ref('partner_adjustments') }}
)

select
    metric_scores.partner_id,
    metric_scores.week_start,
    metric_scores.tenure_week,
    metric_scores.segment,
    metric_scores.framework,
    metric_scores.leading_version,
    metric_scores.is_official,
    metric_scores.framework_share
    {%- for outcome in outcomes() %}
    {%- for layer in layers() %},
    0 {% for metric in metrics_of(outcome, layer) -%}
    + weights.{{ outcome }}__{{ metric.name }} * metric_scores.{{ metric.name }}__score
    {% endfor -%} as {{ outcome }}_{{ layer }}_points,
    weights.{{ outcome }}__{{ layer }} as {{ outcome }}_{{ layer }}_weight
    {%- endfor %},
    0 {% for metric in metrics_of(outcome) -%}
    + case when metric_scores.{{ metric.name }}__credibility is not null then weights.{{ outcome }}__{{ metric.name }} else 0 end
    {% endfor -%} as {{ outcome }}_coverage,
    0 {% for metric in metrics_of(outcome) -%}
    + coalesce(metric_scores.{{ metric.name }}__credibility, 0) * weights.{{ outcome }}__{{ metric.name }}
    {% endfor -%} as {{ outcome }}_confidence,
    coalesce(adjustments.{{ outcome }}_points, 0) as {{ outcome }}_overlay
    {%- endfor %}
from metric_scores
inner join weights
    on
        metric_scores.framework = weights.framework
        and metric_scores.segment = weights.segment
        and metric_scores.weights_week = weights.tenure_week
left join adjustments
    on metric_scores.partner_id = adjustments.partner_id and metric_scores.framework = adjustments.framework
