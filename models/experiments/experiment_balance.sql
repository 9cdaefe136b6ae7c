-- One row per experiment and arm, planned or found: how many partners it was to have and has, what they were
-- like before, and how many of them got what they were not meant to get.
with members as (
    select * from {{ ref('experiment_members') }}
),

planned as (
    select * from {{ ref('experiment_arms') }}
),

found as (
    select
        experiment,
        arm,
        count(*) as partners,
        count(*) filter (where contamination is not null) as contaminated,
        avg(engagement_before) as engagement_before,
        avg(revenue_before) as revenue_before,
        avg(cast(tenure_week as double)) as tenure_weeks,
        min(assigned_at) as first_assigned_at,
        max(assigned_week) as last_assigned_week
    from members
    group by experiment, arm
),

of_experiment as (
    select experiment, count(*) as partners
    from members
    group by experiment
),

arms as (
    select experiment, arm from planned
    union
    select experiment, arm from found
)

select
    arms.experiment,
    arms.arm,
    planned.role,
    planned.share,
    cast(coalesce(found.partners, 0) as integer) as partners,
    cast(coalesce(found.contaminated, 0) as integer) as contaminated,
    round(coalesce(planned.share, 0) * coalesce(of_experiment.partners, 0), 9) as expected_partners,
    round(found.engagement_before, 6) as engagement_before,
    round(found.revenue_before, 6) as revenue_before,
    round(found.tenure_weeks, 6) as tenure_weeks,
    found.last_assigned_week,
    found.first_assigned_at
from arms
left join planned on arms.experiment = planned.experiment and arms.arm = planned.arm
left join found on arms.experiment = found.experiment and arms.arm = found.arm
left join of_experiment on arms.experiment = of_experiment.experiment
