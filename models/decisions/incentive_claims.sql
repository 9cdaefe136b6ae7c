-- One row per open period, partner and rule that it has earned: what is asked of the fund before it is shared.
with periods as (
    select * from {{ ref('incentive_periods') }}
),

rules as (
    select * from {{ ref('incentive_rules') }}
),

situations as (
    select * from {{ ref('partner_situations') }} where status != 'terminated'
),

potential as (
    select * from {{ ref('high_potential_partners') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

partners as (
    select * from {{ ref('partners') }}
),

milestones as (
    select * from {{ ref('milestones') }}
),

-- What a partner brought along is no result of the partnership.
reached as (
    select
        partner_milestones.partner_id,
        partner_milestones.milestone,
        cast(partner_milestones.reached_at as date) as reached_on,
        partner_milestones.reached_week <= milestones.expected_week as is_in_time
    from {{ ref('partner_milestones') }} as partner_milestones
    inner join milestones on partner_milestones.milestone = milestones.milestone
    inner join partners on partner_milestones.partner_id = partners.partner_id
    where partner_milestones.reached_at >= partners.contract_signed_at
),

earned as (
    select
        periods.period,
        reached.partner_id,
        rules.rule,
        replace(reached.milestone, '_', ' ') || ' reached' || case when reached.is_in_time then ' in time' else '' end as earned_through,
        reached.reached_on as earned_on
    from reached
    inner join rules
        on reached.milestone = rules.milestone and (reached.is_in_time or not rules.is_in_time_only)
    inner join periods
        on rules.fund = periods.fund and reached.reached_on >= periods.starts_on and reached.reached_on <= periods.ends_on
    inner join horizon on reached.reached_on <= horizon.as_of_on
    union all
    select
        periods.period,
        gains.partner_id,
        rules.rule,
        gains.score || ' score ' || {{ difference_in_words('gains.gain') }} || ' points over its best of the year before' as earned_through,
        gains.measured_on as earned_on
    from {{ ref('score_improvements') }} as gains
    inner join rules on gains.score = rules.score and gains.gain >= rules.least_gain
    inner join periods on gains.period = periods.period and rules.fund = periods.fund
    union all
    select
        periods.period,
        potential.partner_id,
        rules.rule,
        {{ cell_of('potential.revenue_band', 'potential.engagement_band') }} || ', fit of market and people '
        || {{ value_in_words('potential.revenue_strategy_score', "'points'") }} || ' of 100' as earned_through,
        potential.starts_on as earned_on
    from potential
    inner join rules on rules.earned_by = 'potential'
    inner join periods on potential.period = periods.period and rules.fund = periods.fund
)

select
    earned.period,
    earned.partner_id,
    earned.rule,
    situations.segment,
    rules.fund,
    rules.earned_by,
    earned.earned_through,
    rules.amount * {{ parameter_rate() }} as amount_asked,
    potential.partner_id is not null as is_high_potential,
    earned.earned_on
from earned
inner join rules on earned.rule = rules.rule
inner join situations
    on earned.partner_id = situations.partner_id and {{ is_for_segment('situations.segment', 'rules.segment') }}
left join potential on earned.period = potential.period and earned.partner_id = potential.partner_id
