-- One row per origin, quarter, group and draw: what the group's partners bring in it together. In a draw each
-- partner has a past residual of its own and all share the quarter's factor; groups add up the same draws.
with partners as (
    select * from {{ ref('forecast_partners') }}
),

pools as (
    select * from {{ ref('forecast_pools') }}
),

factors as (
    select * from {{ ref('common_factors') }}
),

picked as (
    select
        partners.*,
        pools.pool,
        pools.mean_ratio,
        factors.draw,
        factors.factor,
        {{ drawn_place("partners.partner_id || ' ' || cast(partners.quarter_start as " ~ dbt.type_string()
            ~ ") || ' ' || cast(factors.draw as " ~ dbt.type_string() ~ ')', 'pools.residuals') }} as place
    from partners
    inner join pools
        on
            partners.origin_week = pools.origin_week
            and partners.quarter_start = pools.quarter_start
            and partners.likelihood_tenth = pools.likelihood_tenth
    inner join factors
        on partners.origin_week = factors.origin_week and partners.quarter_start = factors.quarter_start
),

drawn as (
    {{ drawn_ratios('picked') }}
),

added as (
    select
        origin_week,
        quarter_start,
        segment,
        tier,
        region,
        draw,
        sum(expected_revenue * drawn_ratio) as revenue
    from drawn
    group by origin_week, quarter_start, segment, tier, region, draw
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
