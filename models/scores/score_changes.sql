-- One row per partner, outcome and horizon (1 or 13 weeks): the change of the published score, split
-- into what metrics, weights, the overlay, smoothing, the guardrail and the status moved. The parts add up.
{{ config(**by_changed_partner(week=none)) }}

with partners as (
    {{ changed_rows(ref('partners'), week=none) }}
),

drivers as (
    select
        partner_id,
        weeks_back,
        outcome,
        sum(metric_points) as metric_points,
        sum(weight_points) as weight_points
    from ({{ changed_rows(ref('score_change_drivers'), week=none) }}) as changed_drivers
    group by partner_id, weeks_back, outcome
),

scores as (
    {%- for outcome in outcomes() %}
    select
        outcome_scores.partner_id,
        outcome_scores.week_start,
        '{{ outcome }}' as outcome,
        outcome_scores.{{ outcome }}_overlay as overlay,
        outcome_scores.{{ outcome }}_raw_score as raw_score,
        outcome_scores.{{ outcome }}_smoothed_score as smoothed_score,
        outcome_scores.{{ outcome }}_smoothed_score - outcome_scores.{{ outcome }}_held_back as guarded_score,
        outcome_scores.{{ outcome }}_score as score
    from ({{ changed_rows(ref('outcome_scores'), week=none) }}) as outcome_scores
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    drivers.partner_id,
    scores_now.week_start,
    drivers.outcome,
    drivers.weeks_back,
    scores_before.score as score_before,
    scores_now.score as score_now,
    scores_now.score - scores_before.score as score_change,
    drivers.metric_points,
    drivers.weight_points,
    scores_now.overlay - scores_before.overlay as overlay_points,
    (scores_now.smoothed_score - scores_now.raw_score)
    - (scores_before.smoothed_score - scores_before.raw_score) as smoothing_points,
    (scores_now.guarded_score - scores_now.smoothed_score)
    - (scores_before.guarded_score - scores_before.smoothed_score) as guardrail_points,
    (scores_now.score - scores_now.guarded_score)
    - (scores_before.score - scores_before.guarded_score) as status_points
from drivers
inner join partners on drivers.partner_id = partners.partner_id
inner join scores as scores_now
    on
        drivers.partner_id = scores_now.partner_id
        and drivers.outcome = scores_now.outcome
        and partners.last_week = scores_now.week_start
inner join scores as scores_before
    on
        drivers.partner_id = scores_before.partner_id
        and drivers.outcome = scores_before.outcome
        and {{ add_weeks('partners.last_week', '-drivers.weeks_back') }} = scores_before.week_start
where scores_now.score is not null and scores_before.score is not null
