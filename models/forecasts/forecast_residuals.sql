-- One row per origin, quarter, pool and prediction of the past whose same weeks ahead were over by the origin:
-- what came in them as a multiple of what had been expected of them. Pools are tenths of likelihood, and -1 is
-- all of them. No fit has seen what its residual is made of.
with quarters as (
    select * from {{ ref('forecast_quarters') }}
),

expected as (
    select * from {{ ref('expected_outcomes') }}
    where
        outcome = 'revenue'
        and basis = 'number'
        and expected_amount > 0
        and {{ is_origin('week_start') }}
),

earlier as (
    select
        quarters.origin_week,
        quarters.quarter_start,
        expected.partner_id,
        expected.week_start as past_week,
        expected.likelihood_tenth,
        expected.expected_amount * quarters.forecast_weeks / definition.weeks as expected_revenue,
        {{ add_weeks('expected.week_start', 'quarters.first_ahead - 1') }} as week_before,
        {{ add_weeks('expected.week_start', 'quarters.last_ahead') }} as last_week
    from quarters
    cross join {{ forecast_definition() }} as definition
    inner join expected
        on
            quarters.origin_week >= {{ add_weeks('expected.week_start', 'quarters.last_ahead') }}
            and quarters.history_from <= expected.week_start
),

residuals as (
    select
        earlier.*,
        {{ revenue_between() }} as revenue
    from earlier
    {{ join_revenue('earlier', 'earlier.week_before', 'earlier.last_week') }}
),

pooled as (
    select residuals.*, residuals.likelihood_tenth as pool from residuals
    union all
    select residuals.*, cast(-1 as integer) as pool from residuals
)

select
    origin_week,
    quarter_start,
    pool,
    partner_id,
    past_week,
    expected_revenue,
    revenue,
    revenue / expected_revenue as ratio,
    cast(row_number() over (
        partition by origin_week, quarter_start, pool order by past_week asc nulls last, partner_id asc nulls last
    ) - 1 as integer) as place
from pooled
