-- One row per partner, metric and trajectory week in which it had a value: the value beside its segment's quartiles.
with partner_metrics as (
    select * from {{ ref('partner_metrics') }}
    where tenure_week in (select tenure_week from {{ ref('trajectory_weeks') }})
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

definitions as (
    select * from {{ ref('metric_definitions') }}
),

cohort_metrics as (
    select * from {{ ref('cohort_metrics') }} where cohort_kind = 'segment'
),

long_metrics as (
    select
        partner_metrics.partner_id,
        partner_metrics.week_start,
        partner_segments.segment,
        definitions.metric,
        definitions.better,
        partner_metrics.tenure_week,
        cast({{ value_of_metric('definitions.metric', 'partner_metrics') }} as double) as metric_value
    from partner_metrics
    inner join partner_segments on partner_metrics.partner_id = partner_segments.partner_id
    cross join definitions
)

select
    long_metrics.partner_id,
    long_metrics.week_start,
    long_metrics.segment,
    long_metrics.metric,
    long_metrics.better,
    {{ position_of('long_metrics.metric_value', 'cohort_metrics.lower_quartile', 'cohort_metrics.upper_quartile') }} as position,
    long_metrics.tenure_week,
    cohort_metrics.partners as cohort_partners,
    long_metrics.metric_value
    {%- for name in quartiles() %},
    cohort_metrics.{{ name }}
    {%- endfor %}
from long_metrics
inner join cohort_metrics
    on
        long_metrics.segment = cohort_metrics.cohort
        and long_metrics.tenure_week = cohort_metrics.tenure_week
        and long_metrics.metric = cohort_metrics.metric
where long_metrics.metric_value is not null
