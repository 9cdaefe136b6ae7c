-- One row per coming quarter: what its forecast is made of - how much history, how much partners have in common,
-- and what part of such a quarter had come from deals that were open.
with quarters as (
    select * from {{ ref('forecast_quarters') }} where not is_past
),

components as (
    select * from {{ ref('common_components') }}
),

pools as (
    select
        origin_week,
        quarter_start,
        cast(count(*) as integer) as residuals
    from {{ ref('forecast_residuals') }}
    where pool = -1
    group by origin_week, quarter_start
),

shares as (
    select * from {{ ref('pipeline_shares') }}
)

select
    quarters.quarter,
    quarters.first_week,
    quarters.last_week,
    quarters.first_ahead,
    quarters.last_ahead,
    quarters.forecast_weeks,
    quarters.extrapolated_weeks,
    cast(coalesce(pools.residuals, 0) as integer) as residuals,
    components.months as months_of_residuals,
    components.independent_quarters,
    components.mean_ratio,
    components.own_share,
    components.common_spread,
    shares.months as months_of_pipeline,
    shares.pipeline_share,
    quarters.is_running,
    quarters.quarter_start,
    quarters.origin_week as week_start
from quarters
inner join components
    on quarters.origin_week = components.origin_week and quarters.quarter_start = components.quarter_start
inner join shares
    on quarters.origin_week = shares.origin_week and quarters.quarter_start = shares.quarter_start
left join pools
    on quarters.origin_week = pools.origin_week and quarters.quarter_start = pools.quarter_start
