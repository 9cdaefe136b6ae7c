-- One row per past quarter and group: what had been forecast before it began, what came, and what others would
-- have said.
select
    quarter,
    dimension,
    group_name,
    partners,
    revenue,
    forecast_revenue,
    low_80,
    high_80,
    low_95,
    high_95,
    pipeline_implied,
    last_quarter_revenue,
    year_before_revenue,
    revenue_of_others,
    is_within_80,
    is_within_95,
    quarter_start,
    origin_week
from {{ ref('judged_forecasts') }}
