-- One row per partner, week of the current quarter and framework version that is based on another: the scores of metrics
-- under both, and the weights of both.
-- On Spark a table: a statement that takes it apart by metric would join it anew for each.
{{ config(materialized='table' if target.type == 'spark' else 'view') }}

select
    weights.*,
    after.partner_id,
    after.week_start
    {%- for metric in metrics() %},
    before.{{ metric.name }}__score as {{ metric.name }}__before,
    after.{{ metric.name }}__score as {{ metric.name }}__after
    {%- endfor %}
from {{ ref('version_weights') }} as weights
inner join {{ ref('impact_metric_scores') }} as after
    on
        weights.framework = after.framework
        and weights.segment = after.segment
        and weights.tenure_week = after.weights_week
inner join {{ ref('impact_metric_scores') }} as before
    on
        weights.base_framework = before.framework
        and after.partner_id = before.partner_id
        and after.week_start = before.week_start
