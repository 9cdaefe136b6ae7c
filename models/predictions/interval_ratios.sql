-- One row per origin, outcome that is an amount and tenth of likelihood: between how many times the
-- expectation the amount lies, as predictions of earlier weeks turned out on outcomes known by the origin
-- (split conformal: the fit has not seen what its interval is made of). Where so many have none at all that
-- the lower end is 0, the whole of the miss is above; where even the upper end is 0, there is no interval.
with origins as (
    select * from {{ ref('prediction_origins') }}
),

residuals as (
    select * from {{ ref('amount_residuals') }}
),

known as (
    select
        origins.origin_week,
        residuals.outcome,
        residuals.likelihood_tenth,
        residuals.has_amount,
        residuals.residual_step,
        sum(residuals.partners) as partners
    from origins
    inner join residuals
        on
            origins.origin_week >= residuals.known_week
            and origins.history_from <= residuals.week_start
    group by origins.origin_week, residuals.outcome, residuals.likelihood_tenth, residuals.has_amount, residuals.residual_step
),

running as (
    select
        *,
        sum(partners) over (
            partition by origin_week, outcome, likelihood_tenth order by has_amount asc nulls first, residual_step asc nulls first
            rows between unbounded preceding and current row
        ) as partners_so_far,
        sum(partners) over (partition by origin_week, outcome, likelihood_tenth) as residuals,
        sum(case when has_amount then 0 else partners end) over (partition by origin_week, outcome, likelihood_tenth) as without_any
    from known
),

ranked as (
    select
        *,
        -- Rounded first: a tenth of ten is one, whatever the last digit of a product.
        floor(round((residuals + 1) * (1 - {{ parameter('prediction_interval_share') }}) / 2, 9)) as lower_rank,
        ceil(round((residuals + 1) * (1 + {{ parameter('prediction_interval_share') }}) / 2, 9)) as upper_rank,
        ceil(round((residuals + 1) * {{ parameter('prediction_interval_share') }}, 9)) as upper_rank_from_zero
    from running
),

sided as (
    select
        *,
        lower_rank <= without_any as begins_at_zero,
        case when lower_rank <= without_any then upper_rank_from_zero else upper_rank end as last_rank
    from ranked
),

ends as (
    select
        origin_week,
        outcome,
        likelihood_tenth,
        max(residuals) as residuals,
        max(without_any) as without_any,
        min(case when begins_at_zero then 0 when partners_so_far >= lower_rank then exp(residual_step / 20.0) end) as low_ratio,
        min(case when partners_so_far >= last_rank then case when has_amount then exp((residual_step + 1) / 20.0) else 0 end end) as high_ratio
    from sided
    group by origin_week, outcome, likelihood_tenth
)

select
    origin_week,
    outcome,
    likelihood_tenth,
    residuals,
    without_any / residuals as share_without,
    case
        when residuals < {{ parameter('prediction_least_residuals') }} or high_ratio is null then 'too few'
        when high_ratio = 0 then 'none expected'
        else 'interval'
    end as basis,
    case when residuals >= {{ parameter('prediction_least_residuals') }} and high_ratio > 0 then round(low_ratio, 9) end as low_ratio,
    case when residuals >= {{ parameter('prediction_least_residuals') }} and high_ratio > 0 then round(high_ratio, 9) end as high_ratio
from ends
