-- One row per origin, outcome, naive predictor, value of it (and segment, for the mean of the segment): what
-- somebody without a score would expect, from the same outcomes. All partners together speak as loudly as
-- one independent outcome, so that a value seen once is not taken for certain.
with counts as (
    select * from {{ ref('training_counts') }} where predictor != 'score'
),

definitions as (
    select * from {{ ref('outcome_definitions') }}
),

everybody as (
    select
        origin_week,
        outcome,
        sum(events) / sum(partners) as likelihood,
        sum(amount_sum) / sum(partners) as amount
    from {{ ref('training_counts') }}
    where predictor = 'score' and segment = 'all'
    group by origin_week, outcome
),

weighed as (
    select
        counts.origin_week,
        counts.segment,
        counts.outcome,
        counts.predictor,
        counts.point,
        counts.partners / (counts.partners + {{ overlap('definitions') }}) as own_share,
        counts.events / counts.partners as own_likelihood,
        counts.amount_sum / counts.partners as own_amount,
        everybody.likelihood,
        everybody.amount
    from counts
    inner join everybody
        on counts.origin_week = everybody.origin_week and counts.outcome = everybody.outcome
    inner join definitions on counts.outcome = definitions.outcome
)

select
    origin_week,
    segment,
    outcome,
    predictor,
    point,
    round(own_share * own_likelihood + (1 - own_share) * likelihood, 9) as likelihood,
    round(own_share * own_amount + (1 - own_share) * amount, 9) as expected_amount
from weighed
union all
-- What nobody has seen yet is as everybody.
select
    origin_week,
    'all' as segment,
    outcome,
    'everybody' as predictor,
    cast(0 as integer) as point,
    round(likelihood, 9) as likelihood,
    round(amount, 9) as expected_amount
from everybody
