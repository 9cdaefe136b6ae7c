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

fits as (
    select * from {{ ref('outcome_fits') }} where segment = 'all'
),

outcomes as (
    select * from {{ ref('prediction_outcomes') }}
),

expected as (
    {{ expected_at('predicted') }}
)

select
    expected.partner_id,
    expected.week_start,
    expected.outcome,
    expected.segment,
    fits.basis,
    expected.point as score,
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
