-- One row per partner, week and framework version in force: points and weight of every layer of both
-- outcomes. A layer's score is its points / its weight; the points of the layers add up to the score.
with metric_scores as (
    select * from {{ ref('metric_scores') }}
),

weights as (
    select * from {{ ref('effective_weights_wide') }}
)

select
    metric_scores.partner_id,
    metric_scores.week_start,
    metric_scores.tenure_week,
    metric_scores.segment,
    metric_scores.framework_version,
    metric_scores.framework_share
    {%- for outcome in outcomes() %}
    {%- for layer in layers() %},
    0 {% for metric in metrics_of(outcome, layer) -%}
    + weights.{{ outcome }}__{{ metric.name }} * metric_scores.{{ metric.name }}__score
    {% endfor -%} as {{ outcome }}_{{ layer }}_points,
    0 {% for metric in metrics_of(outcome, layer) -%}
    + weights.{{ outcome }}__{{ metric.name }}
    {% endfor -%} as {{ outcome }}_{{ layer }}_weight
    {%- endfor %},
    0 {% for metric in metrics_of(outcome) -%}
    + case when metric_scores.{{ metric.name }}__is_observed then weights.{{ outcome }}__{{ metric.name }} else 0 end
    {% endfor -%} as {{ outcome }}_coverage
    {%- endfor %}
from metric_scores
inner join weights
    on
        metric_scores.framework_version = weights.framework_version
        and metric_scores.segment = weights.segment
        and least(metric_scores.tenure_week, (select max(tenure_week) from weights)) = weights.tenure_week
