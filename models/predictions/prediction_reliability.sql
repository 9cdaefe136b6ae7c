-- One row per period, segment (or `all`), outcome and tenth of likelihood: how likely the outcome was said to be,
-- and how often it came, with a Wilson interval. Over all months it counts partners as one per window, because
-- months whose windows overlap are not as many observations.
with predictions as (
    select
        *,
        cast(least(floor(10 * likelihood), 9) as integer) as likelihood_tenth,
        partners * likelihood as expected_events
    from {{ ref('backtest_likelihoods') }}
    where predictor = 'prediction'
),

definitions as (
    select * from {{ ref('outcome_definitions') }}
),

cells as (
    {{ in_periods_and_segments('predictions', ['likelihood_tenth'], ['partners', 'events', 'expected_events']) }}
),

independent as (
    select
        cells.*,
        case
            when cells.period = 'all' then greatest(cells.partners / {{ overlap('definitions') }}, 1)
            else cells.partners
        end as windows
    from cells
    inner join definitions on cells.outcome = definitions.outcome
)

select
    period,
    segment,
    outcome,
    likelihood_tenth,
    cast(partners as bigint) as partners,
    cast(events as bigint) as events,
    round(windows, 9) as independent_partners,
    round(expected_events / partners, 9) as mean_likelihood,
    round(events / partners, 9) as observed_share,
    round({{ wilson('(events / partners * windows)', 'windows', '-') }}, 9) as observed_low,
    round({{ wilson('(events / partners * windows)', 'windows', '+') }}, 9) as observed_high
from independent
