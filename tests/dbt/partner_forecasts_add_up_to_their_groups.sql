-- The forecasts of partners add up to that of every group they belong to, and the groups of a dimension to the
-- programme: rows of groups that are off by a cent or more.
with partners as (
    {%- for dimension, group_expr in forecast_dimensions().items() %}
    select
        origin_week,
        quarter_start,
        '{{ dimension }}' as dimension,
        {{ group_expr }} as group_name,
        sum(forecast_revenue) as forecast_revenue,
        sum(pipeline_weighted) as pipeline_weighted
    from {{ ref('partner_forecasts') }}
    group by origin_week, quarter_start{{ ', ' ~ group_expr if dimension != 'programme' }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

totals as (
    select * from {{ ref('forecast_totals') }}
)

select totals.*
from totals
full outer join partners
    on
        totals.origin_week = partners.origin_week
        and totals.quarter_start = partners.quarter_start
        and totals.dimension = partners.dimension
        and totals.group_name = partners.group_name
where
    totals.origin_week is null
    or partners.origin_week is null
    or abs(coalesce(totals.forecast_revenue, 0) - coalesce(partners.forecast_revenue, 0)) >= 0.005
    or abs(totals.pipeline_weighted - partners.pipeline_weighted) >= 0.005
    or totals.low_95 > totals.low_80
    or totals.low_80 > totals.high_80
    or totals.high_80 > totals.high_95
