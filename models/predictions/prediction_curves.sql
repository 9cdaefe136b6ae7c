-- One row per origin, segment (and `all`), outcome, knot of tenure and score from 0 to 100: how likely the outcome is and,
-- of an amount, how much is expected: the likelihood that there is any x how much it is then.
with curves as (
    select * from {{ ref('programme_curves') }}
    union all
    select * from {{ ref('segment_curves') }}
),

amount_fits as (
    select * from {{ ref('amount_fits') }}
)

select
    curves.origin_week,
    curves.segment,
    curves.outcome,
    curves.knot,
    curves.point,
    curves.method,
    curves.likelihood,
    round(exp(amount_fits.intercept + amount_fits.slope * (curves.point - 50) / 10) * amount_fits.factor, 9) as amount_if_any,
    round(curves.likelihood * exp(amount_fits.intercept + amount_fits.slope * (curves.point - 50) / 10) * amount_fits.factor, 9) as expected_amount,
    curves.intercept is not null as is_fitted
from curves
left join amount_fits
    on
        curves.origin_week = amount_fits.origin_week
        and curves.segment = amount_fits.segment
        and curves.outcome = amount_fits.outcome
