-- One row per partner and coming quarter: the revenue to expect with its intervals, beside what its open deals
-- promise, or what is missing for a forecast.
with forecasts as (
    select * from {{ ref('partner_forecasts') }}
),

quarters as (
    select * from {{ ref('forecast_quarters') }} where not is_past
),

partners as (
    select * from {{ ref('partners') }}
)

select
    forecasts.partner_id,
    quarters.quarter,
    partners.partner_name,
    forecasts.segment,
    forecasts.tier,
    forecasts.region,
    forecasts.forecast_missing,
    forecasts.interval_missing,
    {{ pipeline_verdict() }} as pipeline_verdict,
    quarters.forecast_weeks,
    quarters.extrapolated_weeks,
    forecasts.open_deals,
    forecasts.stalled_deals,
    forecasts.booked_revenue,
    forecasts.forecast_revenue,
    forecasts.median as forecast_median,
    forecasts.low_80,
    forecasts.high_80,
    forecasts.low_95,
    forecasts.high_95,
    round(forecasts.share_without, 9) as likelihood_of_none,
    forecasts.pipeline_amount,
    forecasts.pipeline_weighted,
    forecasts.pipeline_implied,
    {{ covered_share() }} as covered_share,
    {{ forecast_gap() }} as gap,
    quarters.is_running,
    quarters.quarter_start,
    forecasts.origin_week as week_start
from forecasts
inner join quarters
    on forecasts.origin_week = quarters.origin_week and forecasts.quarter_start = quarters.quarter_start
inner join partners on forecasts.partner_id = partners.partner_id
