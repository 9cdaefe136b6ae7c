-- One row per partner and week: the first signs that the partnership produces something.
with partner_weeks as (
    select
        *,
        -- The first quarter of tenure is its first 13 weeks.
        case when tenure_week - weeks_back < 13 then joint_activities else 0 end as first_quarter_joint_activities
    from ({{ weeks_looked_back() }}) as looked_back
),

partners as (
    select * from {{ ref('partners') }}
),

looking_back as (
    select
        partner_id,
        week_start,
        {{ total_of('first_quarter_joint_activities') }} as first_quarter_joint_activities,
        {{ sum_of('leads_accepted', 13) }} as leads_accepted,
        {{ sum_of('leads_accepted', 26) }} as leads_accepted_26,
        {{ sum_of('leads_rejected', 26) }} as leads_rejected_26,
        {{ sum_of('deals_approved', 26) }} as deals_approved_26,
        {{ sum_of('deals_rejected', 26) }} as deals_rejected_26,
        {{ first_of('first_deal_approved_on') }} as first_deal_approved_on
    from partner_weeks
    {{ trailing_windows([13, 26]) }}
)

select
    looking_back.partner_id,
    looking_back.week_start,
    looking_back.first_quarter_joint_activities,
    looking_back.leads_accepted as accepted_leads,
    looking_back.leads_accepted_26 / nullif(looking_back.leads_accepted_26 + looking_back.leads_rejected_26, 0) as lead_acceptance_rate,
    looking_back.leads_accepted_26 + looking_back.leads_rejected_26 as lead_acceptance_rate_n,
    looking_back.deals_approved_26 / nullif(looking_back.deals_approved_26 + looking_back.deals_rejected_26, 0) as deal_approval_rate,
    looking_back.deals_approved_26 + looking_back.deals_rejected_26 as deal_approval_rate_n,
    cast(greatest({{ days_between('partners.contract_signed_at',
        'coalesce(looking_back.first_deal_approved_on, ' ~ week_end('looking_back.week_start') ~ ')') }}, 0) as double) as first_deal_days
from looking_back
inner join partners on looking_back.partner_id = partners.partner_id
