-- One row per partner, week of the current quarter and framework version: the score of every metric, as if this
-- version alone had been in force.
with framework_rows as (
    select
        scored_metrics.*,
        partner_segments.segment,
        frameworks.framework
    from {{ ref('scored_metrics') }} as scored_metrics
    inner join {{ ref('partner_segments') }} as partner_segments on scored_metrics.partner_id = partner_segments.partner_id
    cross join {{ ref('frameworks') }} as frameworks
    cross join {{ ref('score_horizon') }} as score_horizon
    where
        frameworks.role in ('official', 'proposed')
        and scored_metrics.week_start > {{ add_weeks('score_horizon.as_of_week', '-cast(' ~ parameter('impact_weeks') ~ ' as integer)') }}
        and scored_metrics.week_start <= score_horizon.as_of_week
),

scored as (
    {{ metric_scores_of('framework_rows') }}
)

select * from scored
