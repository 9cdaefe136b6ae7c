-- One row per partner, explained week, outcome and metric: what the metric was, what it was worth and
-- how many points it gave. With the overlay the points add up to the raw score.
{{ config(**by_changed_partner(week=none)) }}

with contributions as (
    {{ changed_contributions() }}
)

select
    partner_id,
    week_start,
    weeks_back,
    outcome,
    layer,
    metric,
    max(evidence_state) as evidence_state,
    max(metric_value) as metric_value,
    max(evidence) as evidence,
    sum(weight) as weight,
    -- Versions in force may score the same value differently.
    case when sum(weight) > 0 then least(sum(contribution) / sum(weight), 100.0) end as metric_score,
    sum(contribution) as contribution
from contributions
group by partner_id, week_start, weeks_back, outcome, layer, metric
