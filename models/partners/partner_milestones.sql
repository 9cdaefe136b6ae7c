-- One row per partner and milestone that it reached by its last week: when first, and in which week of tenure.
with reached as (
    select
        partner_id,
        milestone,
        min(reached_at) as reached_at
    from {{ ref('stg_portal__milestones') }}
    where superseded_at is null
    group by partner_id, milestone
),

partners as (
    select * from {{ ref('partners') }}
),

milestones as (
    select * from {{ ref('milestones') }}
)

select
    reached.partner_id,
    reached.milestone,
    -- What a partner brought along to its contract is there from the first week.
    cast(greatest({{ weeks_between('partners.contract_week', week_start('reached.reached_at')) }}, 0) as integer) as reached_week,
    reached.reached_at
from reached
inner join partners on reached.partner_id = partners.partner_id
inner join milestones on reached.milestone = milestones.milestone
where
    {{ week_start('reached.reached_at') }} <= partners.last_week
    and partners.contract_week <= partners.last_week
