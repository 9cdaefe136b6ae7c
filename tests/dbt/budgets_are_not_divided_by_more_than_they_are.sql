-- The parts of a fund are no more than the fund, and its days are in order. One row per budget that is not.
select period, fund, reserved_share, improvement_share, starts_on, ends_on, settles_on
from {{ ref('incentive_budgets') }}
where reserved_share + improvement_share > 1 or ends_on < starts_on or settles_on < ends_on
