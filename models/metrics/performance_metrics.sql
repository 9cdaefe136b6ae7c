-- One row per partner and week: deals and revenue.
with partner_weeks as (
    {{ weeks_looked_back() }}
),

looking_back as (
    select
        partner_id,
        week_start,
        {{ sum_of('deals_won', 52) }} as deals_won,
        {{ sum_of('deals_won + deals_lost', 52) }} as deals_closed,
        {{ sum_of('won_cents', 52) }} / 100 as won_amount,
        {{ sum_of('won_cycle_days', 52) }} as won_cycle_days,
        greatest({{ total_of('open_deals_change') }}, 0.0) as open_deals,
        {{ sum_of('sourced_revenue_cents', 13) }} / 100 as revenue_13,
        {{ sum_of('sourced_revenue_cents', 26) }} / 100 as revenue_26
    from partner_weeks
    {{ trailing_windows([13, 26, 52]) }}
),

rates as (
    select
        *,
        deals_won / nullif(deals_closed, 0) as deal_win_rate,
        won_amount / nullif(deals_won, 0) as average_deal_value,
        won_cycle_days / nullif(deals_won, 0) as deal_cycle_days
    from looking_back
)

select
    partner_id,
    week_start,
    deal_win_rate,
    deals_closed as deal_win_rate_n,
    average_deal_value,
    deals_won as average_deal_value_n,
    deal_cycle_days,
    deals_won as deal_cycle_days_n,
    -- A cycle of under a day counts as a day.
    open_deals * deal_win_rate * average_deal_value / greatest(deal_cycle_days, 1.0) as pipeline_velocity,
    revenue_26 as sourced_revenue,
    (revenue_13 + {{ parameter('revenue_momentum_floor') }} * {{ parameter_rate() }})
    / (revenue_26 - revenue_13 + {{ parameter('revenue_momentum_floor') }} * {{ parameter_rate() }}) as revenue_momentum
from rates
