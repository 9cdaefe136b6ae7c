-- One row per origin, quarter, group and draw: what the group's partners bring in it together. In a draw each
-- partner has a past residual of its own and all share the quarter's factor; groups add up the same draws.
with forecast_pools as (
    select * from {{ ref('forecast_pools') }}
),

-- Partners times draws is the largest number of rows in the build: only numbers go through it. Residuals are
-- numbered on from pool to pool, so that one number says which is drawn.
pools as (
    select
        *,
        cast(sum(residuals) over (
            order by origin_week asc nulls last, quarter_start asc nulls last, pool asc nulls last
            rows between unbounded preceding and current row
        ) - residuals as bigint) as first_number
    from (select distinct origin_week, quarter_start, pool, residuals, mean_ratio from forecast_pools) as used
),

forecast_partners as (
    select
        *,
        dense_rank() over (
            order by
                origin_week asc nulls last,
                quarter_start asc nulls last,
                segment asc nulls last,
                tier asc nulls last,
                region asc nulls last
        ) as group_number
    from {{ ref('forecast_partners') }}
),

partners as (
    select
        forecast_partners.*,
        pools.residuals,
        pools.first_number,
        forecast_partners.partner_id || ' ' || cast(forecast_partners.quarter_start as {{ dbt.type_string() }}) || ' ' as drawn_by
    from forecast_partners
    inner join forecast_pools
        on
            forecast_partners.origin_week = forecast_pools.origin_week
            and forecast_partners.quarter_start = forecast_pools.quarter_start
            and forecast_partners.likelihood_tenth = forecast_pools.likelihood_tenth
    inner join pools
        on
            forecast_pools.origin_week = pools.origin_week
            and forecast_pools.quarter_start = pools.quarter_start
            and forecast_pools.pool = pools.pool
),

factors as (
    select * from {{ ref('common_factors') }}
),

draws as (
    select distinct draw, cast(draw as {{ dbt.type_string() }}) as name
    from factors
),

picked as (
    select
        partners.group_number,
        draws.draw,
        partners.expected_revenue,
        partners.first_number + {{ drawn_place('partners.drawn_by || draws.name', 'partners.residuals') }} as residual_number
    from partners
    cross join draws
),

-- Most residuals brought nothing and would add nothing. Ratios are scaled so that the mean of a pool is 1.
residuals as (
    select
        pools.first_number + residuals.place as residual_number,
        residuals.ratio / pools.mean_ratio as scaled_ratio
    from {{ ref('forecast_residuals') }} as residuals
    inner join pools
        on
            residuals.origin_week = pools.origin_week
            and residuals.quarter_start = pools.quarter_start
            and residuals.pool = pools.pool
    where residuals.ratio != 0
),

drawn as (
    select
        picked.group_number,
        picked.draw,
        sum(picked.expected_revenue * residuals.scaled_ratio) as revenue
    from picked
    inner join residuals on picked.residual_number = residuals.residual_number
    group by picked.group_number, picked.draw
),

groups as (
    select distinct
        group_number,
        origin_week,
        quarter_start,
        segment,
        tier,
        region
    from partners
),

added as (
    select
        groups.*,
        factors.draw,
        factors.factor * coalesce(drawn.revenue, 0) as revenue
    from groups
    inner join factors
        on groups.origin_week = factors.origin_week and groups.quarter_start = factors.quarter_start
    left join drawn
        on groups.group_number = drawn.group_number and factors.draw = drawn.draw
)

{% for dimension, group_expr in forecast_dimensions().items() -%}
select
    origin_week,
    quarter_start,
    '{{ dimension }}' as dimension,
    {{ group_expr }} as group_name,
    draw,
    round(sum(revenue), 6) as revenue
from added
group by origin_week, quarter_start{{ ', ' ~ group_expr if dimension != 'programme' }}, draw
{% if not loop.last %}union all
{% endif %}
{%- endfor %}
