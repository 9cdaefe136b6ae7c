-- One row per intervention that was recommended: whether it was taken, and the scores of the week before and of a
-- quarter later, as far as that has passed. What followed is not what it did: see `intervention_effects`.
with recommended as (
    select * from {{ ref('stg_programme__interventions') }} where superseded_at is null
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

scores as (
    select * from {{ ref('outcome_scores') }} where {{ has_comparable_score('outcome_scores') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

timed as (
    select
        recommended.intervention_id,
        recommended.partner_id,
        recommended.intervention,
        recommended.recommended_on,
        case when cast(recommended.taken_at as date) <= horizon.as_of_on then cast(recommended.taken_at as date) end as taken_on,
        {{ add_weeks(week_start('recommended.recommended_on'), -1) }} as week_before,
        {{ add_weeks(week_start('recommended.recommended_on'), 12) }} as week_after
    from recommended
    cross join horizon
    where recommended.recommended_on <= horizon.as_of_on
)

select
    timed.intervention_id,
    timed.partner_id,
    partner_segments.segment,
    timed.intervention,
    timed.recommended_on,
    timed.taken_on,
    {%- for outcome in outcomes() %}
    before.{{ outcome }}_raw_score as {{ outcome }}_before,
    after.{{ outcome }}_raw_score as {{ outcome }}_after,
    after.{{ outcome }}_raw_score - before.{{ outcome }}_raw_score as {{ outcome }}_change,
    {%- endfor %}
    timed.taken_on is not null as is_taken
from timed
inner join partner_segments on timed.partner_id = partner_segments.partner_id
left join scores as before
    on timed.partner_id = before.partner_id and timed.week_before = before.week_start
left join scores as after
    on timed.partner_id = after.partner_id and timed.week_after = after.week_start
