-- One row per cohort, trajectory week and metric: how many of its partners had a value then, and its quartiles.
with partner_metrics as (
    select * from {{ ref('partner_metrics') }}
    where tenure_week in (select tenure_week from {{ ref('trajectory_weeks') }})
),

cohort_members as (
    select * from {{ ref('cohort_members') }}
),

definitions as (
    select * from {{ ref('metric_definitions') }}
),

aggregated as (
    select
        cohort_members.cohort_kind,
        cohort_members.cohort,
        partner_metrics.tenure_week
        {%- for metric in metrics() %},
        count(partner_metrics.{{ metric.name }}) as {{ metric.name }}__partners
        {%- for name, share in quartiles().items() %},
        {{ quantile_of('partner_metrics.' ~ metric.name, share) }} as {{ metric.name }}__{{ name }}
        {%- endfor %}
        {%- endfor %}
    from partner_metrics
    inner join cohort_members on partner_metrics.partner_id = cohort_members.partner_id
    group by cohort_members.cohort_kind, cohort_members.cohort, partner_metrics.tenure_week
),

long_metrics as (
    select
        aggregated.cohort_kind,
        aggregated.cohort,
        definitions.metric,
        aggregated.tenure_week,
        cast({{ value_of_metric('definitions.metric', 'aggregated', '__partners') }} as integer) as partners
        {%- for name in quartiles() %},
        cast({{ value_of_metric('definitions.metric', 'aggregated', '__' ~ name) }} as double) as {{ name }}
        {%- endfor %}
    from aggregated
    cross join definitions
)

select
    cohort_kind,
    cohort,
    metric,
    tenure_week,
    partners
    {%- for name in quartiles() %},
    {{ if_enough(name, 'partners') }} as {{ name }}
    {%- endfor %}
from long_metrics
where partners > 0
