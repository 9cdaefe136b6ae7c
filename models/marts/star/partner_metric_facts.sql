-- One row per partner, outcome and metric of the partner's last week: what was measured and the points that it gives.
with contributions as (
    select * from {{ ref('score_contributions') }} where weeks_back = 0
),

outcome_scores as (
    select * from {{ ref('outcome_scores') }}
)

select
    contributions.partner_id,
    contributions.week_start,
    outcome_scores.framework_version,
    contributions.metric,
    contributions.outcome as scored_outcome,
    contributions.evidence_state,
    contributions.metric_value,
    contributions.evidence as metric_evidence,
    contributions.weight as metric_weight,
    contributions.metric_score,
    contributions.contribution as metric_points
from contributions
inner join outcome_scores
    on contributions.partner_id = outcome_scores.partner_id and contributions.week_start = outcome_scores.week_start
