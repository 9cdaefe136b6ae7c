-- One row per partner and week: smoothed and guarded scores and bands with hysteresis.
-- Each week needs the week before, so the whole series is computed from the raw one, first week first:
-- a backfill gives the same history as weekly runs did.
with recursive ruled_scores as (
    select
        raw_scores.partner_id,
        raw_scores.week_start,
        raw_scores.tenure_week,
        {%- for outcome in outcomes() %}
        raw_scores.{{ outcome }}_raw_score,
        rules.{{ outcome }}_half_life,
        rules.{{ outcome }}_medium_cut,
        rules.{{ outcome }}_high_cut,
        {%- endfor %}
        rules.band_change_margin,
        rules.band_change_weeks,
        rules.unscored_weeks,
        case
            when raw_scores.tenure_week < rules.ramp_weeks then rules.most_move_ramp
            else rules.most_move
        end as most_move_now
    from {{ ref('raw_scores') }} as raw_scores
    inner join {{ ref('stability_parameters') }} as rules
        on raw_scores.framework_version = rules.framework_version
),

series as (
    select
        partner_id,
        week_start,
        tenure_week
        {%- for outcome in outcomes() %},
        {{ outcome }}_raw_score as {{ outcome }}_weighted_sum,
        cast(1 as double) as {{ outcome }}_weight_sum,
        {{ outcome }}_raw_score as {{ outcome }}_score,
        {{ plain_band(outcome, outcome ~ '_raw_score', 'ruled_scores') }} as {{ outcome }}_band,
        {{ plain_band(outcome, outcome ~ '_raw_score', 'ruled_scores') }} as {{ outcome }}_wanted_band,
        0 as {{ outcome }}_weeks_wanted
        {%- endfor %}
    from ruled_scores
    where tenure_week = 0

    union all

    select
        wanted.partner_id,
        wanted.week_start,
        wanted.tenure_week
        {%- for outcome in outcomes() %},
        wanted.{{ outcome }}_weighted_sum,
        wanted.{{ outcome }}_weight_sum,
        wanted.{{ outcome }}_score,
        case
            -- Before the first score is shown there is no band to hold on to.
            when wanted.tenure_week < wanted.unscored_weeks
                then {{ plain_band(outcome, 'wanted.' ~ outcome ~ '_score', 'wanted') }}
            when wanted.{{ outcome }}_weeks_wanted_now >= wanted.band_change_weeks then wanted.{{ outcome }}_wanted_band_now
            else wanted.{{ outcome }}_last_band
        end as {{ outcome }}_band,
        wanted.{{ outcome }}_wanted_band_now as {{ outcome }}_wanted_band,
        wanted.{{ outcome }}_weeks_wanted_now as {{ outcome }}_weeks_wanted
        {%- endfor %}
    from (
        select
            asked.*
            {%- for outcome in outcomes() %},
            case
                when asked.{{ outcome }}_wanted_band_now = asked.{{ outcome }}_last_band then 0
                when asked.{{ outcome }}_wanted_band_now = asked.{{ outcome }}_last_wanted_band then asked.{{ outcome }}_last_weeks_wanted + 1
                else 1
            end as {{ outcome }}_weeks_wanted_now
            {%- endfor %}
        from (
            select
                moved.*
                {%- for outcome in outcomes() %},
                {{ wanted_band(outcome, 'moved.' ~ outcome ~ '_score') }} as {{ outcome }}_wanted_band_now
                {%- endfor %}
            from (
                select
                    this_week.*
                    {%- for outcome in outcomes() %},
                    {{ smoothing_sums(outcome) }} as {{ outcome }}_weighted_sum,
                    {{ smoothing_weights(outcome) }} as {{ outcome }}_weight_sum,
                    {{ guarded(outcome) }} as {{ outcome }}_score,
                    last_week.{{ outcome }}_band as {{ outcome }}_last_band,
                    last_week.{{ outcome }}_wanted_band as {{ outcome }}_last_wanted_band,
                    last_week.{{ outcome }}_weeks_wanted as {{ outcome }}_last_weeks_wanted
                    {%- endfor %}
                from series as last_week
                inner join ruled_scores as this_week
                    on last_week.partner_id = this_week.partner_id and last_week.tenure_week + 1 = this_week.tenure_week
            ) as moved
        ) as asked
    ) as wanted
)

select
    partner_id,
    week_start
    {%- for outcome in outcomes() %},
    {{ outcome }}_weighted_sum / {{ outcome }}_weight_sum as {{ outcome }}_smoothed_score,
    {{ outcome }}_score,
    {{ band_name(outcome ~ '_band') }} as {{ outcome }}_band
    {%- endfor %}
from series
