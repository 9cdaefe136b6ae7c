-- One row per past quarter and partner that had a number before it began: what came in it, and what two naive
-- people would have said - as much as in the weeks up to the origin, or as in the same weeks a year before.
with quarters as (
    select * from {{ ref('forecast_quarters') }} where is_past
),

forecasts as (
    select * from {{ ref('partner_forecasts') }} where forecast_revenue is not null
)

select
    forecasts.origin_week,
    forecasts.quarter_start,
    forecasts.partner_id,
    forecasts.segment,
    forecasts.tier,
    forecasts.region,
    forecasts.forecast_revenue,
    forecasts.low_80,
    forecasts.high_80,
    forecasts.low_95,
    forecasts.high_95,
    forecasts.pipeline_implied,
    round({{ revenue_between('came') }}, 2) as revenue,
    round({{ revenue_between('newest') }}, 2) as last_quarter_revenue,
    round({{ revenue_between('year_before') }}, 2) as year_before_revenue
from quarters
inner join forecasts
    on quarters.origin_week = forecasts.origin_week and quarters.quarter_start = forecasts.quarter_start
{{ join_revenue('forecasts', add_weeks('quarters.first_week', -1), 'quarters.last_week', 'came') }}
{{ join_revenue('forecasts', add_weeks('quarters.origin_week', '-quarters.quarter_weeks'), 'quarters.origin_week', 'newest') }}
{{ join_revenue('forecasts', add_weeks('quarters.first_week', -53), add_weeks('quarters.last_week', -52), 'year_before') }}
