-- One row per origin, segment, outcome that is an amount, predictor, expectation and step of the amount that
-- came (a twentieth on the log scale; 0 where there was nothing): partners and how far off it was.
with expected_outcomes as (
    select * from {{ ref('expected_outcomes') }}
    where known_week is not null and basis != 'nothing known' and expected_amount is not null
),

outcomes as (
    select
        *,
        cast(0 as integer) as segment_mean
    from {{ ref('prediction_outcomes') }}
    where outcome in (select outcome from {{ ref('outcome_definitions') }} where threshold is null)
),

naive as (
    select * from {{ ref('naive_expectations') }}
),

everybody as (
    select * from naive where predictor = 'everybody'
),

predicted as (
    select
        week_start as origin_week,
        segment,
        outcome,
        'prediction' as predictor,
        round(expected_amount, 2) as expected_amount,
        amount
    from expected_outcomes
    {%- for predictor in naive_predictors() %}
    union all
    select
        outcomes.week_start as origin_week,
        outcomes.segment,
        outcomes.outcome,
        '{{ predictor }}' as predictor,
        round(coalesce(naive.expected_amount, everybody.expected_amount), 2) as expected_amount,
        outcomes.amount
    from outcomes
    inner join everybody on outcomes.week_start = everybody.origin_week and outcomes.outcome = everybody.outcome
    left join naive
        on
            outcomes.week_start = naive.origin_week
            and outcomes.outcome = naive.outcome
            and outcomes.{{ predictor }} = naive.point
            and {{ 'outcomes.segment' if predictor == 'segment_mean' else "'all'" }} = naive.segment
            and naive.predictor = '{{ predictor }}'
    {%- endfor %}
)

select
    origin_week,
    segment,
    outcome,
    predictor,
    expected_amount,
    case when amount > 0 then cast(floor(20 * ln(amount)) as integer) else 0 end as amount_step,
    amount > 0 as has_amount,
    cast(count(*) as double) as partners,
    cast(sum(amount) as double) as amount_sum,
    cast(sum(abs(amount - expected_amount)) as double) as absolute_error,
    cast(sum((amount - expected_amount) * (amount - expected_amount)) as double) as squared_error
from predicted
group by origin_week, segment, outcome, predictor, expected_amount, amount > 0, case when amount > 0 then cast(floor(20 * ln(amount)) as integer) else 0 end
