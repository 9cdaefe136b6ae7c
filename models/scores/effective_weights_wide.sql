-- One row per framework version, segment and week of tenure: the weight of every metric, side by side.
with effective_weights as (
    select * from {{ ref('effective_weights') }}
)

select
    framework_version,
    segment,
    tenure_week
    {%- for outcome in outcomes() %}
    {%- for metric in metrics_of(outcome) %},
    coalesce(max(weight) filter (where outcome = '{{ outcome }}' and metric = '{{ metric.name }}'), 0) as {{ outcome }}__{{ metric.name }}
    {%- endfor %}
    {%- endfor %}
from effective_weights
group by framework_version, segment, tenure_week
