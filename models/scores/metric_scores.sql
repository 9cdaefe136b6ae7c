-- One row per partner, week and framework version in force: the score (0 to 100) of every metric and
-- whether the metric was observed (otherwise the prior of the segment stands in).
with observed as (
    select * from {{ ref('partner_metrics') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

framework_weeks as (
    select * from {{ ref('framework_weeks') }}
),

parameters as (
    select * from {{ ref('framework_parameters') }}
),

credible as (
    select
        observed.partner_id,
        observed.week_start,
        observed.tenure_week,
        partner_segments.segment,
        framework_weeks.framework_version,
        framework_weeks.share as framework_share
        {%- for metric in metrics() %},
        observed.{{ metric.name }} is not null as {{ metric.name }}__is_observed,
        {{ credible_value(metric) }} as {{ metric.name }}
        {%- endfor %}
    from observed
    inner join partner_segments on observed.partner_id = partner_segments.partner_id
    inner join framework_weeks on observed.week_start = framework_weeks.week_start
    inner join parameters
        on
            framework_weeks.framework_version = parameters.framework_version
            and partner_segments.segment = parameters.segment
)

select
    credible.partner_id,
    credible.week_start,
    credible.tenure_week,
    credible.segment,
    credible.framework_version,
    credible.framework_share
    {%- for metric in metrics() %},
    {{ anchored_score(metric, 'credible.' ~ metric.name) }} as {{ metric.name }}__score,
    credible.{{ metric.name }}__is_observed
    {%- endfor %}
from credible
inner join parameters
    on
        credible.framework_version = parameters.framework_version
        and credible.segment = parameters.segment
