-- One row per partner and rule whose flag was raised lately: when, until when, and what people decided. Where the
-- condition holds on, the flag is raised anew when it runs out, and asks for a decision anew.
with spells as (
    select
        *,
        row_number() over (partition by partner_id, rule order by spell desc nulls last) as newest
    from {{ ref('lifecycle_spells') }}
),

rules as (
    select * from {{ ref('lifecycle_rules') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

situations as (
    select * from {{ ref('partner_situations') }}
),

-- A flag is raised when the first week in which its condition held is over.
raised as (
    select
        spells.*,
        rules.flag,
        rules.lasts_weeks,
        {{ add_weeks(
            week_end('spells.first_week'),
            'rules.lasts_weeks * floor(' ~ weeks_between('spells.first_week', 'spells.last_week') ~ ' / rules.lasts_weeks)') }} as raised_on
    from spells
    inner join rules on spells.rule = rules.rule
    where spells.newest = 1
),

dated as (
    select
        *,
        {{ add_weeks('raised_on', 'lasts_weeks') }} as expires_on
    from raised
),

decided as (
    select
        dated.*,
        approvals.decision,
        approvals.approved_by as decided_by,
        approvals.approved_on as decided_on,
        approvals.until_on,
        row_number() over (partition by dated.partner_id, dated.rule order by approvals.approved_on desc nulls last) as newest_decision
    from dated
    cross join horizon
    left join {{ ref('flag_approvals') }} as approvals
        on
            dated.partner_id = approvals.partner_id
            and dated.flag = approvals.flag
            and dated.raised_on <= approvals.approved_on
            and horizon.as_of_on >= approvals.approved_on
)

select
    decided.partner_id,
    decided.rule,
    decided.flag,
    case
        when situations.status = 'terminated' then 'contract ended'
        when horizon.as_of_on > decided.expires_on then 'expired'
        when decided.decision = 'approved' and horizon.as_of_on > decided.until_on then 'expired'
        when decided.decision = 'approved' then 'active'
        when decided.decision = 'refused' and horizon.as_of_on <= decided.until_on then 'refused'
        else 'waiting for approval'
    end as state,
    decided.cell,
    decided.decided_by,
    decided.revenue_score,
    decided.engagement_score,
    decided.change,
    decided.raised_on,
    case
        when decided.decision = 'approved' and decided.until_on < decided.expires_on then decided.until_on
        else decided.expires_on
    end as expires_on,
    decided.decided_on,
    {{ week_end('decided.last_week') }} as last_held_on
from decided
cross join horizon
inner join situations on decided.partner_id = situations.partner_id
where
    decided.newest_decision = 1
    and {{ add_weeks('decided.expires_on', decision_parameter('flag_shown_weeks')) }} >= horizon.as_of_on
