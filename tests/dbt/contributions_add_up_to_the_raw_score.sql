-- The points of the metrics add up to the raw score they explain. One row per partner and outcome where not.
with contributions as (
    select partner_id, week_start, outcome, sum(contribution) as points
    from {{ ref('score_contributions') }}
    group by partner_id, week_start, outcome
),

raw_scores as (
    {%- for outcome in outcomes() %}
    select partner_id, week_start, '{{ outcome }}' as outcome, {{ outcome }}_raw_score as raw_score
    from {{ ref('outcome_scores') }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

last_scores as (
    select raw_scores.*
    from raw_scores
    inner join {{ ref('partners') }} as partners
        on raw_scores.partner_id = partners.partner_id and raw_scores.week_start = partners.last_week
)

select last_scores.partner_id, last_scores.outcome, last_scores.raw_score, contributions.points
from last_scores
full join contributions
    on
        last_scores.partner_id = contributions.partner_id
        and last_scores.week_start = contributions.week_start
        and last_scores.outcome = contributions.outcome
where coalesce(abs(last_scores.raw_score - contributions.points) > 0.001, true)
