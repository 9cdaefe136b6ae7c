-- One row per open period, partner and rule that it has earned: how much, for what, and whether it is paid.
with awards as (
    select *, reserved_part + general_part as amount from {{ ref('incentive_awards') }}
),

rules as (
    select * from {{ ref('incentive_rules') }}
),

periods as (
    select * from {{ ref('incentive_periods') }}
),

partners as (
    select * from {{ ref('partners') }}
)

select
    awards.period,
    awards.partner_id,
    awards.rule,
    partners.partner_name,
    awards.segment,
    awards.fund,
    awards.earned_by,
    awards.earned_through,
    case
        when awards.hold_state = 'refused' then 'refused'
        when awards.amount <= 0 then 'budget spent'
        when awards.hold_state = 'held' then 'held_for_review'
        when awards.amount < awards.amount_asked then 'entitled in part'
        else 'entitled'
    end as status,
    rules.why || ': ' || awards.earned_through
    -- Which signs there are is for governance (gaming_signals): who knows them can play for them.
    || case
        when awards.hold_state = 'refused' then '; refused by ' || awards.decided_by || ' after a review of its records'
        when awards.hold_state = 'released' then '; released by ' || awards.decided_by || ' after a review of its records'
        when awards.hold_state = 'held' then '; held for a review of its records'
        else ''
    end
    || case
        when awards.hold_state = 'refused' or awards.amount >= awards.amount_asked then ''
        when awards.amount <= 0 then '; what the fund could give was earned by others before'
        else '; the fund could give only a part of what was earned by that day'
    end as reason,
    '{{ var("reporting_currency") }}' as currency,
    awards.amount_asked,
    awards.amount,
    awards.reserved_part,
    awards.is_high_potential,
    awards.earned_on,
    periods.settles_on
from awards
inner join rules on awards.rule = rules.rule
inner join periods on awards.period = periods.period and awards.fund = periods.fund
inner join partners on awards.partner_id = partners.partner_id
