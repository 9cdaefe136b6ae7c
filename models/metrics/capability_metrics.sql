-- One row per partner and week: how far onboarding and skills have come.
with partner_weeks as (
    {{ weeks_looked_back() }}
),

partners as (
    select * from {{ ref('partners') }}
),

required_milestones as (
    select * from {{ ref('milestones') }} where is_required
),

tiers as (
    select * from {{ ref('tiers') }}
),

expected as (
    select
        tenures.tenure_week,
        cast(count(*) as double) as milestones_expected
    from (select distinct tenure_week from partner_weeks) as tenures
    inner join required_milestones on tenures.tenure_week >= required_milestones.expected_week
    group by tenures.tenure_week
),

running as (
    select
        partner_id,
        week_start,
        tenure_week,
        {{ total_of('required_milestones_reached') }} as milestones_reached,
        {{ last_of('last_required_milestone_on') }} as last_required_milestone_on,
        {{ total_of('trainings_passed') }} as trainings_passed,
        {{ total_of('trainings_assigned') }} as trainings_assigned,
        {{ total_of('certified_people_change') }} as certified_people
    from partner_weeks
    {{ trailing_windows() }}
)

select
    running.partner_id,
    running.week_start,
    -- `least` passes over a null, so it bounds the numerator: nothing expected is null and not 1.
    least(running.milestones_reached, expected.milestones_expected)
    / nullif(expected.milestones_expected, 0) as onboarding_pace,
    -- A milestone may be older than the contract's own day.
    cast(greatest({{ days_between('partners.contract_signed_at',
        "case when running.milestones_reached >= (select count(*) from required_milestones)
            then running.last_required_milestone_on
            else " ~ week_end('running.week_start') ~ " end") }}, 0) as double) as onboarding_days,
    least(running.trainings_passed, running.trainings_assigned)
    / nullif(running.trainings_assigned, 0) as training_completion_rate,
    running.trainings_assigned as training_completion_rate_n,
    greatest(running.certified_people, 0.0) / coalesce(tiers.required_certified_people, 1) as certified_headcount
from running
inner join partners on running.partner_id = partners.partner_id
left join expected on running.tenure_week = expected.tenure_week
left join tiers on coalesce(partners.tier, 'none') = tiers.tier
