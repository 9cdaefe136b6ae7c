-- One row per origin, quarter, segment (and `all`) and stage: the share of deals in the stage that were won in the
-- same weeks ahead, of all months' open deals for which that was known by the origin. Stages lean on all open
-- deals of the programme, and segments on the programme's stage.
with quarters as (
    select * from {{ ref('forecast_quarters') }}
),

open_pipeline as (
    select * from {{ ref('open_pipeline') }} where is_monthly
),

counted as (
    select
        quarters.origin_week,
        quarters.quarter_start,
        open_pipeline.segment,
        open_pipeline.stage,
        count(*) as deals,
        count(case
            when
                open_pipeline.won_week >= {{ add_weeks('open_pipeline.origin_week', 'quarters.first_ahead') }}
                and open_pipeline.won_week <= {{ add_weeks('open_pipeline.origin_week', 'quarters.last_ahead') }}
                then 1
        end) as deals_won
    from quarters
    inner join open_pipeline
        on
            quarters.origin_week >= {{ add_weeks('open_pipeline.origin_week', 'quarters.last_ahead') }}
            and quarters.history_from <= open_pipeline.origin_week
    group by quarters.origin_week, quarters.quarter_start, open_pipeline.segment, open_pipeline.stage
),

levels as (
    select origin_week, quarter_start, segment, stage, deals, deals_won from counted
    union all
    select origin_week, quarter_start, 'all' as segment, stage, sum(deals) as deals, sum(deals_won) as deals_won
    from counted
    group by origin_week, quarter_start, stage
),

programme as (
    select origin_week, quarter_start, cast(sum(deals_won) as double) / sum(deals) as win_rate
    from counted
    group by origin_week, quarter_start
),

segments as (
    select segment from {{ ref('segments') }}
    union all
    select 'all' as segment
),

stages as (
    select 'registered' as stage
    union all
    select 'approved' as stage
    union all
    select 'qualified' as stage
    union all
    select 'stalled' as stage
),

shares as (
    select
        quarters.origin_week,
        quarters.quarter_start,
        segments.segment,
        stages.stage,
        coalesce(levels.deals, 0) as deals,
        coalesce(levels.deals_won, 0) as deals_won,
        cast(levels.deals_won as double) / levels.deals as own_win_rate,
        -- A deal that is open for months is counted in each of them.
        (coalesce(levels.deals, 0) / greatest(quarters.forecast_weeks * 12 / 52.0, 1))
        / (coalesce(levels.deals, 0) / greatest(quarters.forecast_weeks * 12 / 52.0, 1) + {{ parameter('prediction_prior_strength') }}) as own_share,
        programme.win_rate as programme_rate
    from quarters
    cross join segments
    cross join stages
    left join programme
        on quarters.origin_week = programme.origin_week and quarters.quarter_start = programme.quarter_start
    left join levels
        on
            quarters.origin_week = levels.origin_week
            and quarters.quarter_start = levels.quarter_start
            and segments.segment = levels.segment
            and stages.stage = levels.stage
),

stage_rates as (
    select
        origin_week,
        quarter_start,
        stage,
        own_share * coalesce(own_win_rate, 0) + (1 - own_share) * programme_rate as win_rate
    from shares
    where segment = 'all'
)

select
    shares.origin_week,
    shares.quarter_start,
    shares.segment,
    shares.stage,
    cast(shares.deals as bigint) as deals,
    cast(shares.deals_won as bigint) as deals_won,
    round(shares.own_win_rate, 9) as own_win_rate,
    round(shares.own_share, 9) as own_share,
    round(
        case
            when shares.segment = 'all' then stage_rates.win_rate
            else shares.own_share * coalesce(shares.own_win_rate, 0) + (1 - shares.own_share) * stage_rates.win_rate
        end, 9
    ) as win_rate
from shares
inner join stage_rates
    on
        shares.origin_week = stage_rates.origin_week
        and shares.quarter_start = stage_rates.quarter_start
        and shares.stage = stage_rates.stage
