-- One row per partner and outcome: the newest prediction of it whose outcome is known by now. One window of a
-- partner, because windows of neighbouring months overlap and would count one partner many times.
with expected as (
    select * from {{ ref('expected_outcomes') }}
    where known_week is not null and basis != 'nothing known'
)

select
    partner_id,
    outcome,
    likelihood,
    expected_amount,
    amount,
    is_reached,
    week_start,
    known_week
from expected
qualify row_number() over (partition by partner_id, outcome order by week_start desc nulls last) = 1
