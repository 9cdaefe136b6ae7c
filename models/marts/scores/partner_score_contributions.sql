-- One row per partner, outcome and metric of the partner's last week: the points that make up its raw score.
with contributions as (
    select * from {{ ref('score_contributions') }} where weeks_back = 0
)

select
    partner_id,
    week_start,
    outcome,
    layer,
    metric,
    evidence_state,
    metric_value,
    evidence,
    weight,
    metric_score,
    contribution
from contributions
