-- One row per partner and thing that a joint plan should speak of: goals, milestones, actions, strengths and gaps.
-- Partners whose contract has ended have no plan.
with situations as (
    select * from {{ ref('partner_situations') }} where status != 'terminated'
),

partners as (
    select * from {{ ref('partners') }}
),

goals as (
    select
        partner_id,
        'goal' as kind,
        cast(row_number() over (partition by partner_id order by score desc nulls last) as integer) as place,
        score as subject,
        score || ' from ' || band || ' to ' || next_band || ': ' || step as item,
        metric_value as value_now,
        value_needed,
        cast(null as date) as due_on
    from {{ ref('band_goals') }}
),

open_milestones as (
    select
        progress.partner_id,
        'milestone' as kind,
        cast(row_number() over (partition by progress.partner_id order by progress.sequence asc nulls last) as integer) as place,
        progress.milestone as subject,
        replace(progress.milestone, '_', ' ') || ' is ' || case when progress.status = 'overdue' then 'overdue' else 'next' end as item,
        cast(null as double) as value_now,
        cast(null as double) as value_needed,
        {{ week_end(add_weeks('partners.contract_week', 'progress.expected_week')) }} as due_on
    from {{ ref('milestone_progress') }} as progress
    inner join partners on progress.partner_id = partners.partner_id
    where progress.status in ('open', 'overdue')
),

actions as (
    select
        chosen.partner_id,
        'action' as kind,
        chosen.place,
        chosen.intervention as subject,
        interventions.title || ' by the ' || interventions.owner_role || ': ' || interventions.what as item,
        chosen.driver_value as value_now,
        chosen.driver_target as value_needed,
        chosen.due_on
    from {{ ref('chosen_actions') }} as chosen
    inner join {{ ref('interventions') }} as interventions on chosen.intervention = interventions.intervention
    where chosen.state != 'no action'
),

reasons as (
    select
        partner_id,
        kind,
        place,
        metric as subject,
        reason as item,
        metric_value as value_now,
        target_value as value_needed,
        cast(null as date) as due_on
    from {{ ref('metric_reasons') }}
    where place <= {{ decision_parameter('most_drivers') }}
),

together as (
    select * from goals
    union all
    select * from open_milestones
    union all
    select * from actions
    union all
    select * from reasons
)

select
    together.partner_id,
    together.kind,
    together.place,
    partners.partner_name,
    together.subject,
    together.item,
    together.value_now,
    together.value_needed,
    together.due_on,
    situations.week_start
from together
inner join situations on together.partner_id = situations.partner_id
inner join partners on together.partner_id = partners.partner_id
