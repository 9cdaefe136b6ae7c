-- One row per period, segment, outcome that is an amount and predictor: Spearman's correlation of what was
-- expected and what came, by average ranks (amounts to a twentieth on the log scale).
with cells as (
    {{ in_periods_and_segments(ref('backtest_amounts'), ['expected_amount', 'has_amount', 'amount_step'], ['partners']) }}
),

expected as (
    select period, segment, outcome, predictor, expected_amount, sum(partners) as partners
    from cells
    group by period, segment, outcome, predictor, expected_amount
),

came as (
    select period, segment, outcome, predictor, has_amount, amount_step, sum(partners) as partners
    from cells
    group by period, segment, outcome, predictor, has_amount, amount_step
),

expected_ranks as (
    select
        *,
        sum(partners) over (
            partition by period, segment, outcome, predictor order by expected_amount asc nulls last
            rows between unbounded preceding and current row
        ) - (partners - 1) / 2 - (sum(partners) over (partition by period, segment, outcome, predictor) + 1) / 2 as deviation
    from expected
),

came_ranks as (
    select
        *,
        sum(partners) over (
            partition by period, segment, outcome, predictor order by has_amount asc nulls last, amount_step asc nulls last
            rows between unbounded preceding and current row
        ) - (partners - 1) / 2 - (sum(partners) over (partition by period, segment, outcome, predictor) + 1) / 2 as deviation
    from came
)

select
    cells.period,
    cells.segment,
    cells.outcome,
    cells.predictor,
    sum(cells.partners * expected_ranks.deviation * came_ranks.deviation)
    / nullif(sqrt(
        sum(cells.partners * expected_ranks.deviation * expected_ranks.deviation)
        * sum(cells.partners * came_ranks.deviation * came_ranks.deviation)
    ), 0) as spearman
from cells
inner join expected_ranks
    on
        cells.period = expected_ranks.period
        and cells.segment = expected_ranks.segment
        and cells.outcome = expected_ranks.outcome
        and cells.predictor = expected_ranks.predictor
        and cells.expected_amount = expected_ranks.expected_amount
inner join came_ranks
    on
        cells.period = came_ranks.period
        and cells.segment = came_ranks.segment
        and cells.outcome = came_ranks.outcome
        and cells.predictor = came_ranks.predictor
        and cells.has_amount = came_ranks.has_amount
        and cells.amount_step = came_ranks.amount_step
group by cells.period, cells.segment, cells.outcome, cells.predictor
