-- What a version changes is explained in full: the causes add up to the difference of the two scores, and the metrics
-- to the causes. One row per partner, week, outcome and version where they do not.
with drivers as (
    select
        partner_id,
        week_start,
        outcome,
        framework_version,
        sum(points) as points
    from {{ ref('version_impact_drivers') }}
    group by partner_id, week_start, outcome, framework_version
)

select
    impact.partner_id,
    impact.week_start,
    impact.outcome,
    impact.framework_version
from {{ ref('version_impact') }} as impact
left join drivers
    on
        impact.partner_id = drivers.partner_id
        and impact.week_start = drivers.week_start
        and impact.outcome = drivers.outcome
        and impact.framework_version = drivers.framework_version
where
    abs(
        impact.layer_weight_points + impact.metric_weight_points + impact.rating_points
        + impact.overlay_points + impact.limit_points - impact.score_difference
    ) > 0.000001
    or (
        impact.week_start = (select as_of_week from {{ ref('score_horizon') }})
        and abs(
            impact.layer_weight_points + impact.metric_weight_points + impact.rating_points - coalesce(drivers.points, 0)
        ) > 0.001
    )
