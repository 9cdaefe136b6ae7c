-- One row per partner and scenario: the metrics of the programme's last week as the scenario has them, and the
-- segment as which the partner is judged.
{{ config(materialized='view') }}
-- Policy states money in euros.
{%- set rate_of_euros = parameter_rate() %}

with changes as (
    select
        framework,
        segment
        {%- for metric in metrics() %},
        max(factor) filter (where name = '{{ metric.name }}') as {{ metric.name }}__factor,
        max(addition) filter (where name = '{{ metric.name }}') as {{ metric.name }}__addition
        {%- endfor %}
    from {{ ref('framework_changes') }}
    where changes = 'metric value'
    group by framework, segment
),

scenarios as (
    select framework from {{ ref('frameworks') }} where role = 'scenario'
),

-- The week is chosen before frameworks multiply the rows.
scored_metrics as (
    select * from {{ ref('scored_metrics') }}
    where week_start = (select max(week_start) from {{ ref('partner_calendar') }})
),

judged_as as (
    select * from {{ ref('framework_changes') }} where changes = 'judged as'
)

select
    scored_metrics.partner_id,
    scored_metrics.week_start,
    scored_metrics.tenure_week,
    coalesce(judged_as.name, partner_segments.segment) as segment,
    frameworks.framework
    {%- for metric in metrics() %}
    {%- set rate = rate_of_euros if metric.unit.startswith('currency') else '1' -%}
    {%- set value = 'scored_metrics.' ~ metric.name ~ ' * coalesce(changes.' ~ metric.name ~ '__factor, 1) + coalesce(changes.' ~ metric.name ~ '__addition, 0) * ' ~ rate -%}
    {%- if metric.valid_range[0] is not none %}{% set value = 'greatest(' ~ value ~ ', ' ~ metric.valid_range[0] ~ ')' %}{% endif -%}
    {%- if metric.valid_range[1] is not none %}{% set value = 'least(' ~ value ~ ', ' ~ metric.valid_range[1] ~ ')' %}{% endif %},
    case when scored_metrics.{{ metric.name }} is not null then {{ value }} end as {{ metric.name }}
    {%- if metric.evidence %},
    scored_metrics.{{ metric.evidence }}
    {%- endif %}
    {%- endfor %}
from scored_metrics
inner join {{ ref('partner_segments') }} as partner_segments on scored_metrics.partner_id = partner_segments.partner_id
cross join {{ ref('frameworks') }} as frameworks
left join judged_as
    on frameworks.framework = judged_as.framework and partner_segments.segment = judged_as.segment
left join changes
    on frameworks.framework = changes.framework and partner_segments.segment = changes.segment
where frameworks.framework in (select framework from scenarios)
