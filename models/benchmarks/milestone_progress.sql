-- One row per partner and milestone: when it was expected, when it was reached, and how many of the
-- segment's partners had reached it by the same week of tenure.
with partners as (
    select
        *,
        {{ weeks_between('contract_week', 'last_week') }} as tenure_week
    from {{ ref('partners') }}
    where contract_week <= last_week
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

milestones as (
    select * from {{ ref('milestones') }}
),

partner_milestones as (
    select * from {{ ref('partner_milestones') }}
),

cohort_milestones as (
    select * from {{ ref('cohort_milestones') }}
)

select
    partners.partner_id,
    milestones.milestone,
    partner_segments.segment,
    case
        when partner_milestones.reached_week <= milestones.expected_week then 'reached in time'
        when partner_milestones.reached_week is not null then 'reached late'
        when partners.is_terminated then 'contract ended'
        -- The week in which it is expected is over, as for the metric `onboarding_pace`.
        when partners.tenure_week >= milestones.expected_week then 'overdue'
        else 'open'
    end as status,
    milestones.sequence,
    milestones.is_required,
    partners.tenure_week,
    milestones.expected_week,
    partner_milestones.reached_week,
    cohort_milestones.tenure_week as compared_week,
    cohort_milestones.partners as cohort_partners,
    cohort_milestones.share_reached as cohort_share_reached,
    partner_milestones.reached_at
from partners
inner join partner_segments on partners.partner_id = partner_segments.partner_id
cross join milestones
left join partner_milestones
    on partners.partner_id = partner_milestones.partner_id and milestones.milestone = partner_milestones.milestone
left join cohort_milestones
    on
        partner_segments.segment = cohort_milestones.segment
        and milestones.milestone = cohort_milestones.milestone
        and coalesce(partner_milestones.reached_week, partners.tenure_week) = cohort_milestones.tenure_week
