-- One row per partner and intervention that was ever recommended: when it was last taken, how often, and since when
-- a recommendation is open. One that nobody took within `lapses_after_weeks`, or that came before the
-- intervention was taken, is open no longer.
with follow_ups as (
    select * from {{ ref('intervention_follow_ups') }}
),

interventions as (
    select * from {{ ref('interventions') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

taken as (
    select
        partner_id,
        intervention,
        cast(count(taken_on) as integer) as times_taken,
        max(taken_on) as last_taken_on
    from follow_ups
    group by partner_id, intervention
),

waiting as (
    select
        follow_ups.partner_id,
        follow_ups.intervention,
        min(follow_ups.recommended_on) as open_since_on
    from follow_ups
    cross join horizon
    inner join interventions on follow_ups.intervention = interventions.intervention
    inner join taken
        on follow_ups.partner_id = taken.partner_id and follow_ups.intervention = taken.intervention
    where
        not follow_ups.is_taken
        and (taken.last_taken_on is null or follow_ups.recommended_on > taken.last_taken_on)
        and {{ add_weeks('follow_ups.recommended_on', 'interventions.lapses_after_weeks') }} >= horizon.as_of_on
    group by follow_ups.partner_id, follow_ups.intervention
)

select
    taken.partner_id,
    taken.intervention,
    taken.times_taken,
    taken.last_taken_on,
    waiting.open_since_on
from taken
left join waiting on taken.partner_id = waiting.partner_id and taken.intervention = waiting.intervention
