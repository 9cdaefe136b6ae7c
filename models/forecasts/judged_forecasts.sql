-- One row per past quarter and group: what had been forecast, what came of the same partners, and what others -
-- who were no partner yet or had no score - brought beside.
with totals as (
    select * from {{ ref('forecast_totals') }}
),

outcomes as (
    select * from {{ ref('forecast_outcomes') }}
),

quarters as (
    select * from {{ ref('forecast_quarters') }} where is_past
),

came as (
    {%- for dimension, group_expr in forecast_dimensions().items() %}
    select
        quarter_start,
        '{{ dimension }}' as dimension,
        {{ group_expr }} as group_name,
        sum(revenue) as revenue,
        sum(last_quarter_revenue) as last_quarter_revenue,
        sum(year_before_revenue) as year_before_revenue
    from outcomes
    group by quarter_start{{ ', ' ~ group_expr if dimension != 'programme' }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

all_revenue as (
    select
        quarters.quarter_start,
        sum(cast(partner_weeks.sourced_revenue_cents as double)) / 100 as revenue
    from quarters
    inner join {{ ref('partner_weeks') }} as partner_weeks
        on partner_weeks.week_start between quarters.first_week and quarters.last_week
    group by quarters.quarter_start
)

select
    quarters.origin_week,
    quarters.quarter_start,
    quarters.quarter,
    totals.dimension,
    totals.group_name,
    totals.partners_forecast as partners,
    round(came.revenue, 2) as revenue,
    totals.forecast_revenue,
    totals.low_80,
    totals.high_80,
    totals.low_95,
    totals.high_95,
    totals.pipeline_implied,
    round(came.last_quarter_revenue, 2) as last_quarter_revenue,
    round(came.year_before_revenue, 2) as year_before_revenue,
    case when totals.dimension = 'programme' then round(all_revenue.revenue - came.revenue, 2) end as revenue_of_others,
    came.revenue between totals.low_80 and totals.high_80 as is_within_80,
    came.revenue between totals.low_95 and totals.high_95 as is_within_95
from quarters
inner join totals on quarters.origin_week = totals.origin_week and quarters.quarter_start = totals.quarter_start
inner join came
    on
        totals.quarter_start = came.quarter_start
        and totals.dimension = came.dimension
        and totals.group_name = came.group_name
inner join all_revenue on quarters.quarter_start = all_revenue.quarter_start
