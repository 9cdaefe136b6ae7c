-- One row per origin and quarter: how much all partners together came out above or below what was expected of
-- them, more than partners who have nothing to do with each other would have. From the total misses by month of
-- origin; with few quarters of history it leans on what experts expect.
with quarters as (
    select * from {{ ref('forecast_quarters') }}
),

months as (
    select
        origin_week,
        quarter_start,
        past_week,
        sum(revenue) / sum(expected_revenue) as total_ratio,
        -- What the total would miss by if each partner's miss were its own.
        sum((revenue - expected_revenue) * (revenue - expected_revenue))
        / (sum(expected_revenue) * sum(expected_revenue)) as variance_of_partners
    from {{ ref('forecast_residuals') }}
    where pool = -1
    group by origin_week, quarter_start, past_week
),

measured as (
    select
        origin_week,
        quarter_start,
        count(*) as months,
        avg(total_ratio) as mean_ratio,
        avg((total_ratio - 1) * (total_ratio - 1)) as variance_of_totals,
        avg(variance_of_partners) as variance_of_partners
    from months
    group by origin_week, quarter_start
),

weighed as (
    select
        quarters.origin_week,
        quarters.quarter_start,
        coalesce(measured.months, 0) as months,
        -- Windows of neighbouring months overlap.
        coalesce(measured.months, 0) / greatest(cast(quarters.forecast_weeks as double) * 12 / 52, 1) as independent_quarters,
        measured.mean_ratio,
        measured.variance_of_totals,
        measured.variance_of_partners,
        greatest(measured.variance_of_totals - measured.variance_of_partners, 0) as own_variance
    from quarters
    left join measured
        on quarters.origin_week = measured.origin_week and quarters.quarter_start = measured.quarter_start
),

leaned as (
    select
        *,
        independent_quarters / (independent_quarters + {{ parameter('forecast_common_strength') }}) as own_share,
        {{ parameter('forecast_common_spread') }} as prior_spread
    from weighed
)

select
    origin_week,
    quarter_start,
    cast(months as integer) as months,
    round(independent_quarters, 9) as independent_quarters,
    round(mean_ratio, 9) as mean_ratio,
    round(variance_of_totals, 12) as variance_of_totals,
    round(variance_of_partners, 12) as variance_of_partners,
    round(own_share, 9) as own_share,
    round(sqrt(own_share * coalesce(own_variance, 0) + (1 - own_share) * prior_spread * prior_spread), 9) as common_spread
from leaned
