-- One row per origin, segment (and `all`) and outcome: what its prediction was made of, and whether there
-- was enough for a number. Numbers rest on all partners' outcomes: a segment leans on them.
with origins as (
    select * from {{ ref('prediction_origins') }}
),

first_origin as (
    select min(origin_week) as origin_week from origins where is_monthly
),

definitions as (
    select * from {{ ref('outcome_definitions') }}
),

levels as (
    select segment from {{ ref('segments') }}
    union all
    select 'all' as segment
),

known as (
    select
        origin_week,
        segment,
        outcome,
        round(sum(partners), 6) as partners,
        round(sum(events), 6) as events,
        min(first_week) as first_week,
        max(last_week) as last_week
    from {{ ref('training_counts') }}
    where predictor = 'score'
    group by origin_week, segment, outcome
),

methods as (
    select distinct origin_week, segment, outcome, method, logistic_loss, isotonic_loss
    from {{ ref('programme_curves') }}
    union all
    select distinct origin_week, segment, outcome, method, logistic_loss, isotonic_loss
    from {{ ref('segment_curves') }}
),

amount_fits as (
    select * from {{ ref('amount_fits') }}
),

fits as (
    select
        origins.origin_week,
        levels.segment,
        definitions.outcome,
        methods.method,
        origins.framework_version,
        origins.is_newest,
        origins.partners as partners_now,
        coalesce(known.partners, 0) as partners,
        coalesce(known.events, 0) as events,
        -- The rarer kind decides how much is known; of an amount, those that have one.
        case
            when definitions.threshold is null then coalesce(known.events, 0)
            else least(coalesce(known.events, 0), coalesce(known.partners - known.events, 0))
        end / {{ overlap('definitions') }} as independent_events,
        coalesce({{ own_share('known.partners', 'definitions') }}, 0) as own_share,
        methods.logistic_loss,
        methods.isotonic_loss,
        amount_fits.amounts,
        amount_fits.intercept as amount_intercept,
        amount_fits.slope as amount_slope,
        amount_fits.factor as amount_factor,
        known.first_week,
        known.last_week,
        definitions.last_week as weeks_to_wait,
        first_origin.origin_week as first_origin
    from origins
    cross join levels
    cross join definitions
    cross join first_origin
    inner join methods
        on
            origins.origin_week = methods.origin_week
            and levels.segment = methods.segment
            and definitions.outcome = methods.outcome
    left join known
        on
            origins.origin_week = known.origin_week
            and levels.segment = known.segment
            and definitions.outcome = known.outcome
    left join amount_fits
        on
            origins.origin_week = amount_fits.origin_week
            and levels.segment = amount_fits.segment
            and definitions.outcome = amount_fits.outcome
),

of_programme as (
    select
        origin_week,
        outcome,
        independent_events,
        case
            when last_week is null then 'nothing known'
            when independent_events < {{ parameter('prediction_least_events') }} then 'band'
            else 'number'
        end as basis,
        case
            -- Nothing is known before the first outcomes are.
            when last_week is null then {{ add_weeks('coalesce(first_origin, origin_week)', 'weeks_to_wait + 1') }}
            -- A month more adds what the partners of now add, at the share seen so far.
            when independent_events < {{ parameter('prediction_least_events') }} and independent_events > 0
                then {{ add_weeks('origin_week', 'cast(ceil(least((' ~ parameter('prediction_least_events') ~ ' - independent_events)
                    * partners / (independent_events * partners_now) * 52 / 12.0, 5200)) as integer)') }}
        end as available_from
    from fits
    where segment = 'all'
)

select
    fits.origin_week,
    fits.segment,
    fits.outcome,
    fits.method,
    of_programme.basis,
    fits.framework_version,
    fits.partners,
    fits.events,
    round(of_programme.independent_events, 9) as independent_events,
    round(fits.own_share, 9) as own_share,
    round(fits.logistic_loss, 9) as logistic_loss,
    round(fits.isotonic_loss, 9) as isotonic_loss,
    round(fits.amounts, 6) as amounts,
    fits.amount_intercept,
    fits.amount_slope,
    fits.amount_factor,
    fits.is_newest,
    fits.first_week,
    fits.last_week,
    of_programme.available_from
from fits
inner join of_programme
    on fits.origin_week = of_programme.origin_week and fits.outcome = of_programme.outcome
