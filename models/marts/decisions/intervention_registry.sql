-- One row per cell of bands and intervention that rules recommend there now or that was recommended there before.
with outcomes as (
    select * from {{ ref('intervention_outcomes') }}
),

recommended_now as (
    select
        coalesce(situations.cell, 'unscored') as cell,
        actions.intervention,
        cast(count(*) as integer) as partners,
        {{ texts_in_one('distinct actions.rule', 'actions.rule asc nulls last') }} as rules
    from {{ ref('chosen_actions') }} as actions
    inner join {{ ref('partner_situations') }} as situations on actions.partner_id = situations.partner_id
    where actions.state != 'no action'
    group by coalesce(situations.cell, 'unscored'), actions.intervention
),

pairs as (
    select cell, intervention from outcomes
    union
    select cell, intervention from recommended_now
),

interventions as (
    select * from {{ ref('interventions') }}
),

evidence as (
    select * from {{ ref('intervention_evidence') }}
)

select
    pairs.cell,
    pairs.intervention,
    interventions.title,
    interventions.kind,
    recommended_now.rules,
    evidence.label as effect_label,
    coalesce(evidence.evidence, 'not in the catalogue') as effect_evidence,
    coalesce(recommended_now.partners, 0) as recommended_now,
    coalesce(outcomes.recommended, 0) as recommended,
    coalesce(outcomes.taken, 0) as taken
    {%- for outcome in outcomes() %},
    coalesce(outcomes.{{ outcome }}_followed_taken, 0) as {{ outcome }}_followed_taken,
    coalesce(outcomes.{{ outcome }}_followed_not_taken, 0) as {{ outcome }}_followed_not_taken,
    {{ if_enough('outcomes.' ~ outcome ~ '_change_taken', 'outcomes.' ~ outcome ~ '_followed_taken') }} as {{ outcome }}_change_taken,
    {{ if_enough('outcomes.' ~ outcome ~ '_change_not_taken', 'outcomes.' ~ outcome ~ '_followed_not_taken') }} as {{ outcome }}_change_not_taken
    {%- endfor %},
    outcomes.median_days_until_taken,
    interventions.intervention is not null as is_in_catalogue,
    outcomes.first_recommended_on,
    outcomes.last_recommended_on,
    outcomes.last_taken_on
from pairs
left join outcomes on pairs.cell = outcomes.cell and pairs.intervention = outcomes.intervention
left join recommended_now
    on pairs.cell = recommended_now.cell and pairs.intervention = recommended_now.intervention
left join interventions on pairs.intervention = interventions.intervention
left join evidence on pairs.intervention = evidence.intervention
