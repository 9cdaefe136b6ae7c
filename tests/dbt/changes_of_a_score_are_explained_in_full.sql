-- What moved a published score adds up to how far it moved. One row per partner, outcome and horizon where not.
select *
from {{ ref('score_changes') }}
where
    coalesce(
        abs(
            score_change - metric_points - weight_points - overlay_points
            - smoothing_points - guardrail_points - status_points
        ) > 0.001, true
    )
