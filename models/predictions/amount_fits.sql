-- One row per origin, segment (and `all`) and outcome that is an amount: how large it is where there is
-- any. A line through the logarithms of past amounts over the score, the segment's pooled with everybody's
-- and everybody's slope with none, and the factor that brings logarithms back to amounts: past amounts /
-- what the line says of them.
with counts as (
    select
        training_counts.*,
        (training_counts.point - 50) / 10.0 as tens
    from {{ ref('training_counts') }} as training_counts
    where
        training_counts.predictor = 'score'
        and training_counts.amounts > 0
        and training_counts.outcome in (select outcome from {{ ref('outcome_definitions') }} where threshold is null)
),

definitions as (
    select * from {{ ref('outcome_definitions') }}
),

levels as (
    select segment from {{ ref('segments') }}
    union all
    select 'all' as segment
),

sums as (
    select
        origin_week,
        segment,
        outcome,
        sum(amounts) as amounts,
        sum(amounts * tens) / sum(amounts) as mean_tens,
        sum(log_amount_sum) / sum(amounts) as mean_log,
        sum(amounts * tens * tens) / sum(amounts) as mean_square,
        sum(log_amount_sum * tens) / sum(amounts) as mean_product
    from counts
    group by origin_week, segment, outcome
),

own as (
    select
        sums.*,
        {{ own_share('sums.amounts', 'definitions') }} as own_share,
        case
            when sums.mean_square - sums.mean_tens * sums.mean_tens > 0.000001
                then (sums.mean_product - sums.mean_tens * sums.mean_log) / (sums.mean_square - sums.mean_tens * sums.mean_tens)
            else 0
        end as slope
    from sums
    inner join definitions on sums.outcome = definitions.outcome
),

everybody as (
    select
        *,
        own_share * slope as pooled_slope,
        mean_log - own_share * slope * mean_tens as pooled_intercept
    from own
    where segment = 'all'
),

lines as (
    select
        everybody.origin_week,
        levels.segment,
        everybody.outcome,
        case when levels.segment = 'all' then everybody.own_share else coalesce(own.own_share, 0) end as own_share,
        coalesce(own.amounts, 0) as amounts,
        case
            when levels.segment = 'all' or own.amounts is null then everybody.pooled_intercept
            else own.own_share * (own.mean_log - own.slope * own.mean_tens) + (1 - own.own_share) * everybody.pooled_intercept
        end as intercept,
        case
            when levels.segment = 'all' or own.amounts is null then everybody.pooled_slope
            else own.own_share * own.slope + (1 - own.own_share) * everybody.pooled_slope
        end as slope
    from everybody
    cross join levels
    left join own
        on
            everybody.origin_week = own.origin_week
            and everybody.outcome = own.outcome
            and levels.segment = own.segment
),

factors as (
    select
        lines.origin_week,
        lines.segment,
        lines.outcome,
        sum(counts.amount_sum) / sum(counts.amounts * exp(lines.intercept + lines.slope * counts.tens)) as factor
    from lines
    inner join counts
        on
            lines.origin_week = counts.origin_week
            and lines.segment = counts.segment
            and lines.outcome = counts.outcome
    group by lines.origin_week, lines.segment, lines.outcome
)

select
    lines.origin_week,
    lines.segment,
    lines.outcome,
    round(lines.amounts, 6) as amounts,
    round(lines.own_share, 9) as own_share,
    round(lines.intercept, 9) as intercept,
    round(lines.slope, 9) as slope,
    round(
        case
            when lines.segment = 'all' then everybody.factor
            else lines.own_share * coalesce(factors.factor, 0) + (1 - lines.own_share) * everybody.factor
        end, 9
    ) as factor
from lines
inner join factors as everybody
    on
        lines.origin_week = everybody.origin_week
        and lines.outcome = everybody.outcome
        and everybody.segment = 'all'
left join factors
    on
        lines.origin_week = factors.origin_week
        and lines.segment = factors.segment
        and lines.outcome = factors.outcome
