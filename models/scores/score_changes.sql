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

weeks as (
    {{ weeks_before_the_last('partners', weeks_explained()) }}
),

-- The few weeks are chosen first.
chosen as (
    select
        outcome_scores.*,
        weeks.weeks_back
    from {{ ref('outcome_scores') }} as outcome_scores
    inner join weeks
        on outcome_scores.partner_id = weeks.partner_id and outcome_scores.week_start = weeks.week_start
),

scores as (
    {%- for outcome in outcomes() %}
    select
        partner_id,
        week_start,
        weeks_back,
        '{{ outcome }}' as outcome,
        {{ outcome }}_overlay as overlay,
        {{ outcome }}_raw_score as raw_score,
        {{ outcome }}_smoothed_score as smoothed_score,
        {{ outcome }}_smoothed_score - {{ outcome }}_held_back as guarded_score,
        {{ outcome }}_score as score
    from chosen
    where {{ outcome }}_score is not null
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
inner join scores as scores_now
    on
        drivers.partner_id = scores_now.partner_id
        and drivers.outcome = scores_now.outcome
        and scores_now.weeks_back = 0
inner join scores as scores_before
    on
        drivers.partner_id = scores_before.partner_id
        and drivers.outcome = scores_before.outcome
        and drivers.weeks_back = scores_before.weeks_back
