-- One row per period (a month, or `all` of those whose predictions were numbers), segment (or `all`), outcome
-- and predictor: how predictions of the time turned out, beside what naive predictors would have said.
with ranks as (
    select * from {{ ref('backtest_ranks') }}
),

periods as (
    select
        period,
        outcome,
        min(origin_week) as first_origin,
        max(origin_week) as last_origin,
        cast(count(*) as integer) as origins,
        min(basis) as basis
    from {{ ref('backtest_periods') }}
    group by period, outcome
),

correlations as (
    select * from {{ ref('backtest_correlations') }}
),

slopes as (
    select * from {{ ref('backtest_slopes') }}
),

intervals as (
    select * from {{ ref('backtest_intervals') }}
),

failures as (
    select * from {{ ref('backtest_failures') }}
)

select
    ranks.period,
    ranks.segment,
    ranks.outcome,
    ranks.predictor,
    periods.basis,
    periods.origins,
    cast(ranks.partners as bigint) as partners,
    cast(ranks.events as bigint) as events,
    ranks.auc,
    ranks.brier,
    ranks.log_loss,
    slopes.intercept as calibration_intercept,
    slopes.slope as calibration_slope,
    round(correlations.spearman, 9) as spearman,
    ranks.captured_by_tenth,
    ranks.captured_by_fifth,
    ranks.predicted_sum,
    round(ranks.gain, 2) as actual_sum,
    ranks.mean_absolute_error,
    ranks.root_mean_squared_error,
    cast(intervals.intervals as bigint) as intervals,
    round(intervals.within_interval / nullif(intervals.intervals, 0), 9) as interval_coverage,
    cast(intervals.none_expected as bigint) as none_expected,
    round(intervals.none_came / nullif(intervals.none_expected, 0), 9) as none_came_share,
    cast(failures.failures as bigint) as failures,
    round(failures.high_60_days_before / nullif(failures.scored_60_days_before, 0), 9) as failures_high_60_days_before,
    round(failures.high_90_days_before / nullif(failures.scored_90_days_before, 0), 9) as failures_high_90_days_before,
    periods.first_origin,
    periods.last_origin
from ranks
inner join periods on ranks.period = periods.period and ranks.outcome = periods.outcome
left join correlations
    on
        ranks.period = correlations.period
        and ranks.segment = correlations.segment
        and ranks.outcome = correlations.outcome
        and ranks.predictor = correlations.predictor
left join slopes
    on
        ranks.period = slopes.period
        and ranks.segment = slopes.segment
        and ranks.outcome = slopes.outcome
        and ranks.predictor = 'prediction'
left join intervals
    on
        ranks.period = intervals.period
        and ranks.segment = intervals.segment
        and ranks.outcome = intervals.outcome
        and ranks.predictor = 'prediction'
left join failures
    on
        ranks.period = failures.period
        and ranks.segment = failures.segment
        and ranks.outcome = failures.outcome
        and ranks.predictor = failures.predictor
