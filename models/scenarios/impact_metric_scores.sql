-- One row per partner, week of the current quarter and framework version: the score of every metric, as if this
-- version alone had been in force.
with weeks as (
    select {{ add_weeks('score_horizon.as_of_week', '-steps.step') }} as week_start
    from {{ ref('score_horizon') }} as score_horizon
    cross join {{ steps(2600) }}
    where steps.step < {{ parameter('impact_weeks') }}
),

-- Weeks are chosen before frameworks multiply the rows.
metrics_of_weeks as (
    select scored_metrics.*
    from {{ ref('scored_metrics') }} as scored_metrics
    inner join weeks on scored_metrics.week_start = weeks.week_start
),

framework_rows as (
    select
        metrics_of_weeks.*,
        partner_segments.segment,
        frameworks.framework
    from metrics_of_weeks
    inner join {{ ref('partner_segments') }} as partner_segments on metrics_of_weeks.partner_id = partner_segments.partner_id
    cross join {{ ref('frameworks') }} as frameworks
    where frameworks.role in ('official', 'proposed')
),

scored as (
    {{ metric_scores_of('framework_rows') }}
)

select
    partner_id,
    week_start,
    segment,
    framework,
    weights_week
    {%- for metric in metrics() %},
    {{ metric.name }}__score
    {%- endfor %}
from scored
