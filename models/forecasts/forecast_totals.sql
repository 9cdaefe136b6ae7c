-- One row per origin, quarter and group (all partners, a segment, a tier, a region): sums of its partners, and the
-- quantiles of what they bring together in each draw.
with partners as (
    select * from {{ ref('partner_forecasts') }}
),

sums as (
    select * from {{ ref('forecast_sums') }}
),

-- Where a partner has no pool there is no interval of all.
without_pool as (
    select origin_week, quarter_start, count(*) as partners
    from partners
    where interval_missing like 'too few%'
    group by origin_week, quarter_start
),

quantiles as (
    select
        origin_week,
        quarter_start,
        dimension,
        group_name,
        {{ quantile_columns('revenue') }}
    from sums
    group by origin_week, quarter_start, dimension, group_name
),

groups as (
    {%- for dimension, group_expr in forecast_dimensions().items() %}
    select
        origin_week,
        quarter_start,
        '{{ dimension }}' as dimension,
        {{ group_expr }} as group_name,
        cast(count(*) as integer) as partners,
        cast(count(forecast_revenue) as integer) as partners_forecast,
        cast(sum(open_deals) as integer) as open_deals,
        cast(sum(stalled_deals) as integer) as stalled_deals,
        sum(booked_revenue) as booked_revenue,
        sum(remaining_revenue) as remaining_revenue,
        sum(forecast_revenue) as forecast_revenue,
        sum(pipeline_amount) as pipeline_amount,
        sum(pipeline_weighted) as pipeline_weighted,
        sum(pipeline_implied) as pipeline_implied
    from partners
    group by origin_week, quarter_start{{ ', ' ~ group_expr if dimension != 'programme' }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    groups.origin_week,
    groups.quarter_start,
    groups.dimension,
    groups.group_name,
    groups.partners,
    groups.partners_forecast,
    groups.open_deals,
    groups.stalled_deals,
    round(groups.booked_revenue, 2) as booked_revenue,
    round(groups.remaining_revenue, 2) as remaining_revenue,
    round(groups.forecast_revenue, 2) as forecast_revenue
    {%- for name in forecast_quantiles() %},
    case when without_pool.partners is null then round(groups.booked_revenue + quantiles.{{ name }}, 2) end as {{ name }}
    {%- endfor %},
    round(groups.pipeline_amount, 2) as pipeline_amount,
    round(groups.pipeline_weighted, 2) as pipeline_weighted,
    round(groups.pipeline_implied, 2) as pipeline_implied
from groups
left join quantiles
    on
        groups.origin_week = quantiles.origin_week
        and groups.quarter_start = quantiles.quarter_start
        and groups.dimension = quantiles.dimension
        and groups.group_name = quantiles.group_name
left join without_pool
    on groups.origin_week = without_pool.origin_week and groups.quarter_start = without_pool.quarter_start
