-- One row per period, segment and outcome that is an amount: how often what came lay in the interval that
-- was stated, and how often nothing came where nothing was expected.
with expected_outcomes as (
    select * from {{ ref('expected_outcomes') }} where known_week is not null and basis = 'number'
),

intervals as (
    select * from {{ ref('interval_ratios') }}
),

judged as (
    select
        expected_outcomes.week_start as origin_week,
        expected_outcomes.segment,
        expected_outcomes.outcome,
        'prediction' as predictor,
        intervals.basis as interval_basis,
        cast(1 as double) as partners,
        cast(case
            when
                expected_outcomes.amount >= expected_outcomes.expected_amount * intervals.low_ratio
                and expected_outcomes.amount <= expected_outcomes.expected_amount * intervals.high_ratio
                then 1
            else 0
        end as double) as within_ends,
        cast(case when expected_outcomes.amount = 0 then 1 else 0 end as double) as without_any
    from expected_outcomes
    inner join intervals
        on
            expected_outcomes.week_start = intervals.origin_week
            and expected_outcomes.outcome = intervals.outcome
            and expected_outcomes.likelihood_tenth = intervals.likelihood_tenth
),

cells as (
    {{ in_periods_and_segments('judged', ['interval_basis'], ['partners', 'within_ends', 'without_any']) }}
)

select
    period,
    segment,
    outcome,
    sum(case when interval_basis = 'interval' then partners end) as intervals,
    sum(case when interval_basis = 'interval' then within_ends end) as within_interval,
    sum(case when interval_basis = 'none expected' then partners end) as none_expected,
    sum(case when interval_basis = 'none expected' then without_any end) as none_came
from cells
group by period, segment, outcome
