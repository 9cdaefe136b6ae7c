-- One row per segment, outcome, knot of tenure and score: what a score means now.
select
    segment,
    outcome,
    method,
    knot,
    point,
    likelihood,
    amount_if_any,
    expected_amount,
    is_fitted,
    origin_week
from {{ ref('prediction_curves') }}
where origin_week = (select max(origin_week) from {{ ref('prediction_curves') }})
