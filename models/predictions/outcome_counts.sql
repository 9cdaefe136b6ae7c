-- One row per week, segment, outcome, predictor, knot of tenure and value of the predictor: how many
-- partners, how many of them reached the outcome, and sums of amounts. All that fits need: millions of
-- partner-weeks become counts. A partner between two knots counts at both, by how near it is.
with prediction_outcomes as (
    select
        *,
        cast(0 as integer) as segment_mean,
        cast(0 as integer) as no_knot,
        1 - upper_share as lower_share,
        cast(1 as double) as whole_share,
        case when is_reached then 1 else 0 end as event,
        case when amount > 0 then 1 else 0 end as has_amount,
        case when amount > 0 then ln(amount) else 0 end as log_amount
    from {{ ref('prediction_outcomes') }}
),

counts as (
    {{ counts_by('score', 'lower_knot', 'lower_share') }}
    union all
    {{ counts_by('score', 'upper_knot', 'upper_share') }}
    {%- for predictor in naive_predictors() %}
    union all
    {{ counts_by(predictor, 'no_knot', 'whole_share') }}
    {%- endfor %}
)

-- Upper knots of some are lower knots of others. Rounded, because the order of a sum must not reach a fit.
select
    week_start,
    known_week,
    segment,
    outcome,
    predictor,
    knot,
    point,
    round(sum(partners), 9) as partners,
    round(sum(events), 9) as events,
    round(sum(amounts), 9) as amounts,
    round(sum(amount_sum), 6) as amount_sum,
    round(sum(log_amount_sum), 9) as log_amount_sum
from counts
group by week_start, known_week, segment, outcome, predictor, knot, point
