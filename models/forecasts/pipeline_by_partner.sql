-- One row per origin, quarter and partner with open deals: their number and amount, and what of it is likely to be
-- won in the quarter.
with open_pipeline as (
    select * from {{ ref('open_pipeline') }}
)

select
    rates.origin_week,
    rates.quarter_start,
    open_pipeline.partner_id,
    cast(count(*) as integer) as open_deals,
    cast(count(case when open_pipeline.stage = 'stalled' then 1 end) as integer) as stalled_deals,
    round(coalesce(sum(open_pipeline.amount), 0), 2) as pipeline_amount,
    round(coalesce(sum(open_pipeline.amount * rates.win_rate), 0), 2) as pipeline_weighted
from open_pipeline
inner join {{ ref('stage_win_rates') }} as rates
    on
        open_pipeline.origin_week = rates.origin_week
        and open_pipeline.segment = rates.segment
        and open_pipeline.stage = rates.stage
group by rates.origin_week, rates.quarter_start, open_pipeline.partner_id
