-- One row per partner, prediction week and outcome: what was expected at the end of the week, by fits on
-- outcomes known by then, and what came of it where that is known by now.
with predicted as (
    select
        prediction_weeks.*,
        definitions.outcome,
        case definitions.score
            {%- for outcome in outcomes() %}
            when '{{ outcome }}' then prediction_weeks.{{ outcome }}_point
            {%- endfor %}
        end as point
    from {{ ref('prediction_weeks') }} as prediction_weeks
    cross join {{ ref('outcome_definitions') }} as definitions
),

curves as (
    select * from {{ ref('prediction_curves') }} where segment != 'all'
),

fits as (
    select * from {{ ref('outcome_fits') }} where segment = 'all'
),

outcomes as (
    select * from {{ ref('prediction_outcomes') }}
),

expected as (
    select
        predicted.partner_id,
        predicted.week_start,
        predicted.segment,
        predicted.outcome,
        predicted.point as score,
        -- Straight lines run between the knots of tenure.
        round(lower_curves.likelihood + predicted.upper_share * (upper_curves.likelihood - lower_curves.likelihood), 9) as likelihood,
        round(lower_curves.expected_amount + predicted.upper_share * (upper_curves.expected_amount - lower_curves.expected_amount), 4) as expected_amount
    from predicted
    inner join curves as lower_curves
        on
            predicted.week_start = lower_curves.origin_week
            and predicted.segment = lower_curves.segment
            and predicted.outcome = lower_curves.outcome
            and predicted.lower_knot = lower_curves.knot
            and predicted.point = lower_curves.point
    inner join curves as upper_curves
        on
            predicted.week_start = upper_curves.origin_week
            and predicted.segment = upper_curves.segment
            and predicted.outcome = upper_curves.outcome
            and predicted.upper_knot = upper_curves.knot
            and predicted.point = upper_curves.point
)

select
    expected.partner_id,
    expected.week_start,
    expected.outcome,
    expected.segment,
    fits.basis,
    expected.score,
    cast(least(floor(10 * expected.likelihood), 9) as integer) as likelihood_tenth,
    expected.likelihood,
    expected.expected_amount,
    outcomes.amount,
    outcomes.is_reached,
    outcomes.known_week
from expected
inner join fits on expected.week_start = fits.origin_week and expected.outcome = fits.outcome
left join outcomes
    on
        expected.partner_id = outcomes.partner_id
        and expected.week_start = outcomes.week_start
        and expected.outcome = outcomes.outcome
