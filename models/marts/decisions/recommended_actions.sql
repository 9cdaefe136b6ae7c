-- One row per partner and recommended action, the first one first; a partner without any has one row that says so.
with actions as (
    select * from {{ ref('chosen_actions') }}
),

situations as (
    select * from {{ ref('partner_situations') }}
),

partners as (
    select * from {{ ref('partners') }}
),

interventions as (
    select * from {{ ref('interventions') }}
),

rules as (
    select * from {{ ref('intervention_rules') }}
),

evidence as (
    select * from {{ ref('intervention_evidence') }}
)

select
    actions.partner_id,
    actions.place,
    actions.action_key,
    partners.partner_name,
    situations.segment,
    situations.status,
    situations.cell,
    actions.state,
    actions.intervention,
    interventions.title,
    interventions.kind,
    interventions.what,
    coalesce(case when situations.status in ('provisional', 'published') then situations.cell || ': ' end, '')
    || coalesce(rules.why, 'no rule asks for anything more')
    || coalesce('; weightiest here: ' || actions.driver_reason, '')
    || coalesce('; done lately: ' || actions.done_lately, '') as reason,
    actions.rule,
    actions.driver_metric,
    interventions.owner_role,
    rules.expected_effect,
    case when interventions.kind = 'none' then 'none' else evidence.label end as effect_label,
    case when interventions.kind = 'none' then 'nothing is done' else evidence.evidence end as effect_evidence,
    rules.evidence as rule_evidence,
    interventions.effort_hours,
    actions.driver_value,
    actions.driver_target,
    actions.driver_points,
    interventions.spends_money,
    actions.due_on,
    actions.open_since_on,
    actions.last_taken_on,
    situations.week_start
from actions
inner join situations on actions.partner_id = situations.partner_id
inner join partners on actions.partner_id = partners.partner_id
inner join interventions on actions.intervention = interventions.intervention
inner join evidence on actions.intervention = evidence.intervention
left join rules on actions.rule = rules.rule
