-- One row per period and fund that is open as of the scored day: begun, and not settled yet. Amounts in the
-- reporting currency.
with budgets as (
    select * from {{ ref('incentive_budgets') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
)

select
    budgets.period,
    budgets.fund,
    budgets.amount * {{ parameter_rate() }} as amount,
    budgets.amount * budgets.reserved_share * {{ parameter_rate() }} as reserved,
    budgets.amount * budgets.improvement_share * {{ parameter_rate() }} as for_improvement,
    budgets.starts_on,
    budgets.ends_on,
    budgets.settles_on,
    -- The last weeks that are over before the period begins, and by its end.
    {{ add_weeks(week_start('budgets.starts_on'), -1) }} as week_before,
    {{ add_weeks(week_start(add_days('budgets.ends_on', 1)), -1) }} as last_week
from budgets
cross join horizon
where budgets.starts_on <= horizon.as_of_on and budgets.settles_on >= horizon.as_of_on
