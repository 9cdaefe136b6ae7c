-- One row per period, segment and outcome with enough of both kinds: the line through the log odds of
-- predictions that fits best what came. Slope 1 and intercept 0 are perfect; a slope below 1 says that
-- predictions were too sure.
{%- set keys = ['period', 'segment', 'outcome'] %}
with predictions as (
    select * from {{ ref('backtest_likelihoods') }} where predictor = 'prediction'
),

cells as (
    {{ in_periods_and_segments('predictions', ['likelihood'], ['partners', 'events']) }}
),

placed as (
    select
        *,
        sum(events) over (partition by period, segment, outcome) as all_events,
        sum(partners) over (partition by period, segment, outcome) as all_partners
    from cells
),

rates as (
    select
        period,
        segment,
        outcome,
        50 + 10 * {{ log_odds('least(greatest(likelihood, 0.0001), 0.9999)') }} as point,
        partners,
        events / partners as rate
    from placed
    where
        all_events >= {{ parameter('least_cohort') }}
        and all_partners - all_events >= {{ parameter('least_cohort') }}
),

{{ logistic_fits('rates', keys) }}

select
    period,
    segment,
    outcome,
    round(intercept, 9) as intercept,
    round(slope, 9) as slope
from logistic
-- Where the two kinds do not overlap there is no best line: the steps run away.
where last_move < 0.000001
