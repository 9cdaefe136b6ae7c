-- One row per open deal: its stage, how long it has been open, and how likely it is to be won in the next quarter.
with open_pipeline as (
    select * from {{ ref('open_pipeline') }} where is_newest
),

next_quarter as (
    select origin_week, min(quarter_start) as quarter_start
    from {{ ref('forecast_quarters') }}
    where not is_past and not is_running
    group by origin_week
),

rates as (
    select * from {{ ref('stage_win_rates') }}
)

select
    open_pipeline.deal_id,
    open_pipeline.partner_id,
    open_pipeline.segment,
    open_pipeline.stage,
    open_pipeline.weeks_open,
    open_pipeline.amount,
    rates.win_rate as next_quarter_win_rate,
    round(open_pipeline.amount * rates.win_rate, 2) as next_quarter_weighted,
    {{ quarter_name('next_quarter.quarter_start') }} as next_quarter,
    open_pipeline.registered_week,
    open_pipeline.origin_week as week_start
from open_pipeline
left join next_quarter on open_pipeline.origin_week = next_quarter.origin_week
left join rates
    on
        open_pipeline.origin_week = rates.origin_week
        and next_quarter.quarter_start = rates.quarter_start
        and open_pipeline.segment = rates.segment
        and open_pipeline.stage = rates.stage
