-- One row per origin, segment, outcome that is true or not, predictor and likelihood: how many partners had
-- it at the time, and how many of them reached the outcome.
with expected_outcomes as (
    select * from {{ ref('expected_outcomes') }}
    where
        known_week is not null
        and basis != 'nothing known'
        and outcome in (select outcome from {{ ref('outcome_definitions') }} where threshold is not null)
),

counts as (
    select * from {{ ref('outcome_counts') }}
    where
        predictor != 'score'
        and outcome in (select outcome from {{ ref('outcome_definitions') }} where threshold is not null)
),

naive as (
    select * from {{ ref('naive_expectations') }}
),

cells as (
    select
        week_start as origin_week,
        segment,
        outcome,
        'prediction' as predictor,
        round(likelihood, 4) as likelihood,
        cast(1 as double) as partners,
        case when is_reached then 1.0 else 0.0 end as events
    from expected_outcomes
    union all
    select
        counts.week_start as origin_week,
        counts.segment,
        counts.outcome,
        counts.predictor,
        round(coalesce(naive.likelihood, everybody.likelihood), 4) as likelihood,
        counts.partners,
        counts.events
    from counts
    inner join naive as everybody
        on
            counts.week_start = everybody.origin_week
            and counts.outcome = everybody.outcome
            and everybody.predictor = 'everybody'
    left join naive
        on
            counts.week_start = naive.origin_week
            and counts.outcome = naive.outcome
            and counts.predictor = naive.predictor
            and counts.point = naive.point
            and naive.segment = case when counts.predictor = 'segment_mean' then counts.segment else 'all' end
)

select
    origin_week,
    segment,
    outcome,
    predictor,
    likelihood,
    cast(sum(partners) as double) as partners,
    cast(sum(events) as double) as events
from cells
group by origin_week, segment, outcome, predictor, likelihood
