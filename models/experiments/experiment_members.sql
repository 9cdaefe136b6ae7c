-- One row per experiment and partner that was ever assigned in it: the arm that it was given first, what was
-- known of it the week before, and what it received besides.
with assignments as (
    select
        *,
        {{ week_start('assigned_at') }} as assigned_week
    from {{ ref('stg_experiments__assignments') }}
    where {{ week_start('assigned_at') }} <= (select as_of_week from {{ ref('score_horizon') }})
),

partners as (
    select * from {{ ref('partners') }}
),

segments as (
    select * from {{ ref('partner_segment_history') }}
),

scores as (
    select * from {{ ref('raw_scores') }}
),

plans as (
    select * from {{ ref('experiments') }}
),

arms as (
    select * from {{ ref('experiment_arms') }}
),

-- An experiment without a plan is followed for as long as its partners could be in another one: for good.
windows as (
    select experiment, max(last_week) as last_week
    from {{ ref('experiment_metrics') }}
    group by experiment
),

interventions as (
    select * from {{ ref('stg_programme__interventions') }} where superseded_at is null and taken_at is not null
),

-- Versions count too: who is written into another arm afterwards was reassigned.
given as (
    select
        experiment_id,
        partner_id,
        cast(count(distinct arm) as integer) as arms_given
    from assignments
    group by experiment_id, partner_id
),

first_assignments as (
    select * from assignments
    qualify row_number() over (
        partition by experiment_id, partner_id
        order by
            loaded_at asc nulls last,
            assigned_at asc nulls last,
            assignment_id asc nulls last,
            file_id asc nulls last,
            row_number asc nulls last
    ) = 1
),

members as (
    select
        first_assignments.experiment_id as experiment,
        first_assignments.partner_id,
        first_assignments.arm,
        arms.role,
        segments.segment,
        {{ weeks_between('partners.contract_week', 'first_assignments.assigned_week') }} as tenure_week,
        given.arms_given,
        scores.engagement_raw_score as engagement_before,
        scores.revenue_raw_score as revenue_before,
        plans.experiment is not null as is_registered,
        plans.intervention,
        first_assignments.assigned_week,
        coalesce(
            {{ add_weeks('first_assignments.assigned_week', 'windows.last_week') }}, cast('9999-12-27' as date)
        ) as last_week,
        first_assignments.assigned_at
    from first_assignments
    inner join partners on first_assignments.partner_id = partners.partner_id
    inner join given
        on first_assignments.experiment_id = given.experiment_id and first_assignments.partner_id = given.partner_id
    left join plans on first_assignments.experiment_id = plans.experiment
    left join windows on first_assignments.experiment_id = windows.experiment
    left join arms on first_assignments.experiment_id = arms.experiment and first_assignments.arm = arms.arm
    left join segments
        on
            first_assignments.partner_id = segments.partner_id
            and first_assignments.assigned_week >= segments.first_week
            and first_assignments.assigned_week < segments.until_week
    -- The week before: nothing of it can be an effect.
    left join scores
        on
            first_assignments.partner_id = scores.partner_id
            and {{ add_weeks('first_assignments.assigned_week', -1) }} = scores.week_start
),

elsewhere as (
    select
        members.experiment,
        members.partner_id,
        min(others.experiment) as other_experiment
    from members
    inner join members as others
        on
            members.partner_id = others.partner_id
            and members.experiment != others.experiment
            and members.assigned_week <= others.last_week
            and members.last_week >= others.assigned_week
    group by members.experiment, members.partner_id
),

treated_controls as (
    select
        members.experiment,
        members.partner_id,
        min(interventions.taken_at) as taken_at
    from members
    inner join interventions
        on members.partner_id = interventions.partner_id and members.intervention = interventions.intervention
    where
        members.role = 'control'
        and interventions.taken_at >= members.assigned_at
        and interventions.taken_at < {{ add_weeks('members.last_week', 1) }}
        and interventions.taken_at < {{ add_days('(select as_of_on from ' ~ ref('score_horizon') ~ ')', 1) }}
    group by members.experiment, members.partner_id
)

select
    members.experiment,
    members.partner_id,
    members.arm,
    members.role,
    members.segment,
    case
        when not members.is_registered then 'the experiment has no plan'
        when members.role is null then 'the plan knows no such arm'
        when members.arms_given > 1 then 'was given more than one arm'
        when treated_controls.partner_id is not null then 'received the intervention as a control'
        when elsewhere.partner_id is not null then 'is also in ' || elsewhere.other_experiment
    end as contamination,
    members.tenure_week,
    members.arms_given,
    members.engagement_before,
    members.revenue_before,
    members.is_registered,
    members.assigned_week,
    members.last_week,
    members.assigned_at
from members
left join elsewhere on members.experiment = elsewhere.experiment and members.partner_id = elsewhere.partner_id
left join treated_controls
    on members.experiment = treated_controls.experiment and members.partner_id = treated_controls.partner_id
