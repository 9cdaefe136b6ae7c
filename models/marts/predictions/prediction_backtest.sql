-- One row per period, segment, outcome and predictor: how predictions of the time turned out.
select * from {{ ref('backtest_results') }}
