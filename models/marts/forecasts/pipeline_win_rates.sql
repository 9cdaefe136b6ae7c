-- One row per coming quarter, segment (and `all`) and stage: the share of such open deals that were won in the same
-- weeks ahead, by the programme's own history.
with quarters as (
    select * from {{ ref('forecast_quarters') }} where not is_past
)

select
    quarters.quarter,
    rates.segment,
    rates.stage,
    rates.deals,
    rates.deals_won,
    rates.own_win_rate,
    rates.own_share,
    rates.win_rate,
    quarters.quarter_start,
    rates.origin_week as week_start
from {{ ref('stage_win_rates') }} as rates
inner join quarters
    on rates.origin_week = quarters.origin_week and rates.quarter_start = quarters.quarter_start
