-- One row per origin, quarter and tenth of likelihood: the pool that its draws come from. A tenth with too few
-- residuals, or none that brought anything, draws from all of them; too few of all: there is no interval.
with residuals as (
    select * from {{ ref('forecast_residuals') }}
),

pools as (
    select
        origin_week,
        quarter_start,
        pool,
        cast(count(*) as integer) as residuals,
        avg(ratio) as mean_ratio,
        avg(cast(case when revenue > 0 then 0 else 1 end as double)) as share_without
    from residuals
    group by origin_week, quarter_start, pool
    having count(*) >= {{ parameter('prediction_least_residuals') }} and max(revenue) > 0
),

tenths as (
    select distinct
        origin_week,
        quarter_start,
        likelihood_tenth
    from {{ ref('forecast_partners') }}
)

select
    tenths.origin_week,
    tenths.quarter_start,
    tenths.likelihood_tenth,
    coalesce(own.pool, everybody.pool) as pool,
    coalesce(own.residuals, everybody.residuals) as residuals,
    coalesce(own.mean_ratio, everybody.mean_ratio) as mean_ratio,
    coalesce(own.share_without, everybody.share_without) as share_without
from tenths
inner join pools as everybody
    on
        tenths.origin_week = everybody.origin_week
        and tenths.quarter_start = everybody.quarter_start
        and everybody.pool = -1
left join pools as own
    on
        tenths.origin_week = own.origin_week
        and tenths.quarter_start = own.quarter_start
        and tenths.likelihood_tenth = own.pool
