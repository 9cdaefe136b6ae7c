-- One row per framework, segment and week of tenure: the weight of every metric and layer,
-- side by side.
with effective_weights as (
    select * from {{ ref('effective_weights') }}
)

select
    framework,
    segment,
    tenure_week
    {%- for outcome in outcomes() %}
    {%- for metric in metrics_of(outcome) %},
    coalesce(max(weight) filter (where outcome = '{{ outcome }}' and metric = '{{ metric.name }}'), 0) as {{ outcome }}__{{ metric.name }}
    {%- endfor %}
    {%- for layer in layers() %},
    round(coalesce(sum(weight) filter (where outcome = '{{ outcome }}' and layer = '{{ layer }}'), 0), 12) as {{ outcome }}__{{ layer }}
    {%- endfor %}
    {%- endfor %}
from effective_weights
group by framework, segment, tenure_week
