-- No score leaves its scale. One row per partner and week with one that does, or with none.
with metric_scores as (
    select * from {{ ref('metric_scores') }}
),

outcome_scores as (
    select * from {{ ref('outcome_scores') }}
)

select partner_id, week_start
from outcome_scores
where
    false
    {%- for outcome in outcomes() %}
    or coalesce({{ outcome }}_raw_score not between -0.000001 and 100.000001, true)
    or coalesce({{ outcome }}_smoothed_score not between -0.000001 and 100.000001, true)
    or {{ outcome }}_score not between -0.000001 and 100.000001
    {%- endfor %}
union all
select partner_id, week_start
from metric_scores
where
    false
    {%- for metric in metrics() %}
    or coalesce({{ metric.name }}__score not between -0.000001 and 100.000001, true)
    {%- endfor %}
