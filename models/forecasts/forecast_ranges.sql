-- One row per origin, quarter and tenth of likelihood: between how many times the expectation of one partner its
-- revenue lies, by draws of a past residual and of the quarter's common factor. Ratios are scaled so that
-- their mean is the expectation.
with pools as (
    select * from {{ ref('forecast_pools') }}
),

factors as (
    select * from {{ ref('common_factors') }}
),

picked as (
    select
        pools.*,
        factors.factor,
        {{ drawn_place("'tenth ' || cast(pools.likelihood_tenth as " ~ dbt.type_string() ~ ") || ' ' || cast(pools.quarter_start as "
            ~ dbt.type_string() ~ ") || ' ' || cast(factors.draw as " ~ dbt.type_string() ~ ')', 'pools.residuals') }} as place
    from pools
    inner join factors on pools.origin_week = factors.origin_week and pools.quarter_start = factors.quarter_start
),

drawn as (
    {{ drawn_ratios('picked') }}
)

select
    origin_week,
    quarter_start,
    likelihood_tenth,
    max(pool) as pool,
    max(residuals) as residuals,
    max(share_without) as share_without,
    {{ quantile_columns('drawn_ratio', '_ratio') }}
from drawn
group by origin_week, quarter_start, likelihood_tenth
