-- One row per coming quarter and group (all partners, a segment, a tier, a region): what its partners are expected
-- to bring together, with intervals of the sum, beside what their open deals promise.
with totals as (
    select * from {{ ref('forecast_totals') }}
),

quarters as (
    select * from {{ ref('forecast_quarters') }} where not is_past
)

select
    quarters.quarter,
    totals.dimension,
    totals.group_name,
    {{ pipeline_verdict() }} as pipeline_verdict,
    quarters.forecast_weeks,
    quarters.extrapolated_weeks,
    totals.partners,
    totals.partners_forecast,
    totals.open_deals,
    totals.stalled_deals,
    totals.booked_revenue,
    totals.forecast_revenue,
    totals.median as forecast_median,
    totals.low_80,
    totals.high_80,
    totals.low_95,
    totals.high_95,
    totals.pipeline_amount,
    totals.pipeline_weighted,
    totals.pipeline_implied,
    {{ covered_share() }} as covered_share,
    {{ forecast_gap() }} as gap,
    quarters.is_running,
    quarters.quarter_start,
    totals.origin_week as week_start
from totals
inner join quarters
    on totals.origin_week = quarters.origin_week and totals.quarter_start = quarters.quarter_start
