-- One row per week, outcome that is an amount, tenth of likelihood and step of the residual: how often what
-- came later was so many times what had been expected at the time. Steps are a twentieth on the log
-- scale; without any amount it is 0.
with expected_outcomes as (
    select
        *,
        amount > 0 as has_amount,
        case when amount > 0 then cast(floor(20 * ln(amount / expected_amount)) as integer) else 0 end as residual_step
    from {{ ref('expected_outcomes') }}
    where known_week is not null and basis = 'number' and expected_amount > 0
)

select
    week_start,
    known_week,
    outcome,
    likelihood_tenth,
    residual_step,
    has_amount,
    cast(count(*) as double) as partners
from expected_outcomes
group by week_start, known_week, outcome, likelihood_tenth, has_amount, residual_step
