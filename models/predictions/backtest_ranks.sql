-- One row per period, segment, outcome and predictor: how well it ranks partners and how near its likelihoods
-- come. AUC by average ranks; captured shares count a tie across the border in part.
with likelihoods as (
    {{ in_periods_and_segments(ref('backtest_likelihoods'), ['likelihood'], ['partners', 'events']) }}
),

amount_cells as (
    select
        origin_week,
        segment,
        outcome,
        predictor,
        expected_amount,
        partners,
        case when has_amount then partners else 0 end as events,
        amount_sum,
        absolute_error,
        squared_error
    from {{ ref('backtest_amounts') }}
),

amounts as (
    {{ in_periods_and_segments('amount_cells', ['expected_amount'], ['partners', 'events', 'amount_sum', 'absolute_error', 'squared_error']) }}
),

cells as (
    select
        period,
        segment,
        outcome,
        predictor,
        likelihood as predicted,
        likelihood,
        partners,
        events,
        events as gain,
        cast(null as double) as absolute_error,
        cast(null as double) as squared_error
    from likelihoods
    union all
    select
        period,
        segment,
        outcome,
        predictor,
        expected_amount as predicted,
        cast(null as double) as likelihood,
        partners,
        events,
        amount_sum as gain,
        absolute_error,
        squared_error
    from amounts
),

placed as (
    select
        *,
        sum(partners) over everything as all_partners,
        sum(events) over everything as all_events,
        sum(gain) over everything as all_gain,
        (sum(partners) over from_the_largest) - partners as partners_above
    from cells
    window
        everything as (partition by period, segment, outcome, predictor),
        from_the_largest as (
            partition by period, segment, outcome, predictor order by predicted desc nulls last
            rows between unbounded preceding and current row
        )
)

select
    period,
    segment,
    outcome,
    predictor,
    max(all_partners) as partners,
    max(all_events) as events,
    max(all_gain) as gain,
    -- The rank of a cell from below: everybody that is not above it, ties in the middle.
    round(
        (sum(events * (all_partners - partners_above - (partners - 1) / 2)) - max(all_events) * (max(all_events) + 1) / 2)
        / nullif(max(all_events) * (max(all_partners) - max(all_events)), 0), 9
    ) as auc,
    -- Likelihoods have four decimals, amounts two. A sum is rounded to what it can have before it is divided: the
    -- order of adding is never the same twice, and a quotient of few partners may well end in a 5.
    round(
        round(sum(events * (1 - likelihood) * (1 - likelihood) + (partners - events) * likelihood * likelihood), 8)
        / max(all_partners), 9
    ) as brier,
    round(sum(case when likelihood is not null then {{ log_loss('events', 'partners', 'likelihood') }} end) / max(all_partners), 9) as log_loss,
    round(sum(gain * {{ part_among_first(0.1) }}) / nullif(max(all_gain), 0), 9) as captured_by_tenth,
    round(sum(gain * {{ part_among_first(0.2) }}) / nullif(max(all_gain), 0), 9) as captured_by_fifth,
    round(sum(partners * predicted), 6) as predicted_sum,
    round(round(sum(absolute_error), 2) / max(all_partners), 6) as mean_absolute_error,
    round(sqrt(round(sum(squared_error), 4) / max(all_partners)), 6) as root_mean_squared_error
from placed
group by period, segment, outcome, predictor
