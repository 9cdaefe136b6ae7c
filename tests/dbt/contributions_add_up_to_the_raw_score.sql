-- The points of the metrics and of the overlay add up to the raw score they explain, in every explained
-- week. One row per partner, week and outcome where not.
with contributions as (
    select partner_id, week_start, outcome, sum(contribution) as points
    from {{ ref('score_contributions') }}
    group by partner_id, week_start, outcome
),

explained_weeks as (
    {%- for weeks_back in weeks_explained() %}
    select partner_id, {{ add_weeks('last_week', -weeks_back) }} as week_start
    from {{ ref('partners') }}
    {% if not loop.last %}union{% endif %}
    {%- endfor %}
),

raw_scores as (
    {%- for outcome in outcomes() %}
    select
        outcome_scores.partner_id,
        outcome_scores.week_start,
        '{{ outcome }}' as outcome,
        outcome_scores.{{ outcome }}_raw_score as raw_score,
        outcome_scores.{{ outcome }}_overlay as overlay
    from {{ ref('outcome_scores') }} as outcome_scores
    inner join explained_weeks
        on outcome_scores.partner_id = explained_weeks.partner_id and outcome_scores.week_start = explained_weeks.week_start
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select raw_scores.partner_id, raw_scores.week_start, raw_scores.outcome, raw_scores.raw_score, contributions.points
from raw_scores
full join contributions
    on
        raw_scores.partner_id = contributions.partner_id
        and raw_scores.week_start = contributions.week_start
        and raw_scores.outcome = contributions.outcome
where coalesce(abs(raw_scores.raw_score - raw_scores.overlay - contributions.points) > 0.001, true)
