-- One row per period, segment and outcome: partners that did not reach it, and how many of them stood in the
-- top band two and three months (about 60 and 90 days) before the weeks that count began.
with prediction_weeks as (
    select
        *,
        12 * extract(year from week_start) + extract(month from week_start) as month_number
    from {{ ref('prediction_weeks') }}
    where {{ is_origin('week_start') }}
),

looking_back as (
    select
        partner_id,
        week_start
        {%- for outcome in outcomes() %}
        {%- for months in [2, 3] %},
        case
            when lag(month_number, {{ months }}) over (partition by partner_id order by week_start asc nulls last) = month_number - {{ months }}
                then lag({{ outcome }}_band, {{ months }}) over (partition by partner_id order by week_start asc nulls last)
        end as {{ outcome }}_band_{{ months }}
        {%- endfor %}
        {%- endfor %}
    from prediction_weeks
),

failures as (
    select
        outcomes.week_start as origin_week,
        outcomes.segment,
        outcomes.outcome,
        'prediction' as predictor
        {%- for months in [2, 3] %},
        case definitions.score
            {%- for outcome in outcomes() %}
            when '{{ outcome }}' then looking_back.{{ outcome }}_band_{{ months }}
            {%- endfor %}
        end as band_{{ months }}
        {%- endfor %}
    from {{ ref('prediction_outcomes') }} as outcomes
    inner join {{ ref('outcome_definitions') }} as definitions on outcomes.outcome = definitions.outcome
    inner join looking_back
        on outcomes.partner_id = looking_back.partner_id and outcomes.week_start = looking_back.week_start
    where not outcomes.is_reached
),

counted as (
    select
        origin_week,
        segment,
        outcome,
        predictor,
        cast(count(*) as double) as failures,
        cast(count(band_2) as double) as scored_60_days_before,
        cast(count(case when band_2 = 'high' then 1 end) as double) as high_60_days_before,
        cast(count(band_3) as double) as scored_90_days_before,
        cast(count(case when band_3 = 'high' then 1 end) as double) as high_90_days_before
    from failures
    group by origin_week, segment, outcome, predictor
)

{{ in_periods_and_segments('counted', [], ['failures', 'scored_60_days_before', 'high_60_days_before', 'scored_90_days_before', 'high_90_days_before']) }}
