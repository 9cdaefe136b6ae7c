-- One row per partner, outcome, metric and horizon (1 or 13 weeks): how many points of the raw score
-- came or went because the metric moved, and how many because its weight did. With two factors that
-- both change, each change is counted at the mean of the other, so that the two add up exactly.
with contributions as (
    select * from {{ ref('framework_contributions') }}
),

horizons as (
    {%- for weeks_back in weeks_explained() if weeks_back > 0 %}
    select partner_id, week_start, {{ weeks_back }} as weeks_back from contributions where weeks_back = {{ weeks_back }}
    {% if not loop.last %}union{% endif %}
    {%- endfor %}
),

both_weeks as (
    select
        horizons.partner_id,
        horizons.weeks_back,
        contributions.outcome,
        contributions.metric,
        contributions.framework,
        max(contributions.weight) filter (where contributions.weeks_back = 0) as weight_now,
        max(contributions.weight) filter (where contributions.weeks_back > 0) as weight_before,
        max(contributions.metric_score) filter (where contributions.weeks_back = 0) as score_now,
        max(contributions.metric_score) filter (where contributions.weeks_back > 0) as score_before
    from horizons
    inner join contributions
        on
            horizons.partner_id = contributions.partner_id
            and contributions.weeks_back in (0, horizons.weeks_back)
    group by
        horizons.partner_id, horizons.weeks_back, contributions.outcome, contributions.metric, contributions.framework
),

-- A version that was not in force then, or no longer is, had or has a weight of 0: all of it is weight.
complete as (
    select
        partner_id,
        weeks_back,
        outcome,
        metric,
        coalesce(weight_now, 0) as weight_now,
        coalesce(weight_before, 0) as weight_before,
        coalesce(score_now, score_before) as score_now,
        coalesce(score_before, score_now) as score_before
    from both_weeks
)

select
    partner_id,
    weeks_back,
    outcome,
    metric,
    sum((weight_now + weight_before) / 2 * (score_now - score_before)) as metric_points,
    sum((score_now + score_before) / 2 * (weight_now - weight_before)) as weight_points
from complete
group by partner_id, weeks_back, outcome, metric
