-- One row per partner and action that is recommended now, the first one first; a partner for whom nothing is
-- recommended has one row that says so.
with situations as (
    select * from {{ ref('partner_situations') }}
),

candidates as (
    select * from {{ ref('action_candidates') }}
),

interventions as (
    select * from {{ ref('interventions') }}
),

standings as (
    select * from {{ ref('intervention_standings') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

-- An action that several rules ask for is recommended by the first of them.
asked as (
    select
        *,
        row_number() over (partition by partner_id, intervention order by priority asc nulls last) as place_of_rule
    from candidates
),

judged as (
    select
        asked.*,
        interventions.kind,
        interventions.due_days,
        coalesce(standings.times_taken, 0) as times_taken,
        standings.last_taken_on,
        standings.open_since_on,
        coalesce(
            {{ add_weeks('standings.last_taken_on', 'interventions.repeat_after_weeks') }} > horizon.as_of_on, false
        ) as was_taken_lately,
        horizon.as_of_on
    from asked
    cross join horizon
    inner join interventions on asked.intervention = interventions.intervention
    left join standings on asked.partner_id = standings.partner_id and asked.intervention = standings.intervention
    where asked.place_of_rule = 1
),

ranked as (
    select
        *,
        cast(row_number() over (partition by partner_id order by priority asc nulls last) as integer) as place
    from judged
    where not was_taken_lately
),

done_lately as (
    select
        partner_id,
        {{ texts_in_one("replace(intervention, '_', ' ')", 'priority asc nulls last') }} as actions
    from judged
    where was_taken_lately
    group by partner_id
)

select
    situations.partner_id,
    coalesce(ranked.place, 1) as place,
    coalesce(ranked.intervention, 'no_action') as intervention,
    ranked.rule,
    -- The same until it is taken; what is recommended again later is another action.
    situations.partner_id || '/' || coalesce(ranked.intervention, 'no_action')
    || '/' || cast(coalesce(ranked.times_taken, 0) + 1 as {{ dbt.type_string() }}) as action_key,
    case
        when coalesce(ranked.kind, 'none') = 'none' then 'no action'
        when ranked.open_since_on is null then 'new'
        when {{ add_days('ranked.open_since_on', 'ranked.due_days') }} < ranked.as_of_on then 'overdue'
        else 'recommended'
    end as state,
    ranked.driver_metric,
    ranked.driver_reason,
    done_lately.actions as done_lately,
    ranked.driver_value,
    ranked.driver_target,
    ranked.driver_points,
    ranked.open_since_on,
    ranked.last_taken_on,
    case
        when coalesce(ranked.kind, 'none') != 'none'
            then {{ add_days('coalesce(ranked.open_since_on, ranked.as_of_on)', 'ranked.due_days') }}
    end as due_on
from situations
left join ranked on situations.partner_id = ranked.partner_id
left join done_lately on situations.partner_id = done_lately.partner_id
where ranked.place is null or ranked.place <= {{ decision_parameter('most_actions') }}
