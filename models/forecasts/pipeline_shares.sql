-- One row per origin and quarter: what part of the revenue of the same weeks ahead had come from deals that were
-- open at the time, of all months for which that was known by the origin. The rest came from deals that nobody
-- had registered yet and from business without a deal.
with quarters as (
    select * from {{ ref('forecast_quarters') }}
),

months as (
    select
        quarters.origin_week,
        quarters.quarter_start,
        origins.origin_week as past_week,
        {{ add_weeks('origins.origin_week', 'quarters.first_ahead') }} as first_week,
        {{ add_weeks('origins.origin_week', 'quarters.last_ahead') }} as last_week
    from quarters
    inner join {{ ref('prediction_origins') }} as origins
        on
            origins.is_monthly
            and quarters.origin_week >= {{ add_weeks('origins.origin_week', 'quarters.last_ahead') }}
            and quarters.history_from <= origins.origin_week
),

weekly as (
    select
        week_start,
        sum(cast(sourced_revenue_cents as double)) / 100 as revenue
    from {{ ref('partner_weeks') }}
    group by week_start
),

revenue as (
    select
        months.origin_week,
        months.quarter_start,
        count(distinct months.past_week) as months,
        sum(weekly.revenue) as revenue
    from months
    inner join weekly on weekly.week_start between months.first_week and months.last_week
    group by months.origin_week, months.quarter_start
),

won as (
    select
        months.origin_week,
        months.quarter_start,
        sum(open_pipeline.amount) as amount
    from months
    inner join {{ ref('open_pipeline') }} as open_pipeline
        on
            months.past_week = open_pipeline.origin_week
            and open_pipeline.won_week between months.first_week and months.last_week
    where open_pipeline.is_monthly
    group by months.origin_week, months.quarter_start
)

select
    quarters.origin_week,
    quarters.quarter_start,
    cast(coalesce(revenue.months, 0) as integer) as months,
    round(revenue.revenue, 2) as revenue,
    round(won.amount, 2) as won_amount,
    round(won.amount / nullif(revenue.revenue, 0), 9) as pipeline_share
from quarters
left join revenue
    on quarters.origin_week = revenue.origin_week and quarters.quarter_start = revenue.quarter_start
left join won
    on quarters.origin_week = won.origin_week and quarters.quarter_start = won.quarter_start
