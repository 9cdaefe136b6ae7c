-- One row per partner and rule whose flag was raised lately: why, until when, and what people decided.
with states as (
    select * from {{ ref('lifecycle_states') }}
),

rules as (
    select * from {{ ref('lifecycle_rules') }}
),

partners as (
    select * from {{ ref('partners') }}
)

select
    states.partner_id,
    states.rule,
    states.flag,
    partners.partner_name,
    states.state,
    states.cell,
    rules.why || ': ' || states.cell || ', revenue ' || {{ value_in_words('states.revenue_score', "'points'") }}
    || ', engagement ' || {{ value_in_words('states.engagement_score', "'points'") }}
    || coalesce(', ' || rules.change_of || ' ' || {{ difference_in_words('states.change') }} || ' in a quarter', '') as reason,
    rules.approver_role,
    states.decided_by,
    states.revenue_score,
    states.engagement_score,
    states.change,
    states.state = 'active' as is_active,
    states.raised_on,
    states.expires_on,
    states.decided_on,
    states.last_held_on
from states
inner join rules on states.rule = rules.rule
inner join partners on states.partner_id = partners.partner_id
