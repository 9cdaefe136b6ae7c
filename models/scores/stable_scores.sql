-- One row per partner and week: smoothed and guarded scores and bands with hysteresis.
-- Each week needs the week before, so the whole series is computed from the raw one, first week first:
-- a backfill gives the same history as weekly runs did. While a source is broken the last score stays.
-- Sums, weights and counts are what a week leaves to the next: a run that adds goes on from them.
{{ config(**by_changed_partner()) }}
{%- set adds = adds_to_last_run() %}
{%- set rules_of_the_week %}
    inner join {{ ref('stability_parameters') }} as rules
        on raw_scores.framework_version = rules.framework_version
    left join {{ ref('held_weights') }} as held_weights
        on
            raw_scores.partner_id = held_weights.partner_id
            and raw_scores.week_start = held_weights.week_start
{%- endset %}

{% if not recurses() %}{{ folded_series(rules_of_the_week) }}{% else %}
with recursive series as (
    {%- if adds %}
    select
        present.partner_id,
        present.week_start,
        {{ weeks_between('changed_partners.contract_week', 'present.week_start') }} as tenure_week,
        present.is_held
        {%- for outcome in outcomes() %},
        present.{{ outcome }}_weighted_sum,
        present.{{ outcome }}_weight_sum,
        present.{{ outcome }}_score,
        {%- for cut, side in sides() %}
        present.{{ outcome }}_weeks_{{ cut }}_{{ side }},
        {%- endfor %}
        {{ band_number('present.' ~ outcome ~ '_band') }} as {{ outcome }}_band
        {%- endfor %}
    from {{ this }} as present
    inner join {{ ref('changed_partners') }} as changed_partners
        on
            present.partner_id = changed_partners.partner_id
            and present.week_start = {{ add_weeks('changed_partners.from_week', -1) }}

    union all
    {%- endif %}

    select
        raw_scores.partner_id,
        raw_scores.week_start,
        raw_scores.tenure_week,
        coalesce(held_weights.held_weight >= rules.stale_weight, false) as is_held
        {%- for outcome in outcomes() %},
        raw_scores.{{ outcome }}_raw_score as {{ outcome }}_weighted_sum,
        cast(1 as double) as {{ outcome }}_weight_sum,
        raw_scores.{{ outcome }}_raw_score as {{ outcome }}_score,
        {%- for cut, side in sides() %}
        {{ weeks_past(outcome, cut, side, 'raw_scores.' ~ outcome ~ '_raw_score', 'rules') }} as {{ outcome }}_weeks_{{ cut }}_{{ side }},
        {%- endfor %}
        {{ plain_band(outcome, 'raw_scores.' ~ outcome ~ '_raw_score', 'rules') }} as {{ outcome }}_band
        {%- endfor %}
    from {{ ref('raw_score_series') }} as raw_scores
    {{- rules_of_the_week }}
    where raw_scores.tenure_week = 0

    union all

    select
        counted.partner_id,
        counted.week_start,
        counted.tenure_week,
        counted.is_held
        {%- for outcome in outcomes() %},
        counted.{{ outcome }}_weighted_sum,
        counted.{{ outcome }}_weight_sum,
        counted.{{ outcome }}_score,
        {%- for cut, side in sides() %}
        counted.{{ outcome }}_weeks_{{ cut }}_{{ side }},
        {%- endfor %}
        case
            when counted.is_held then counted.{{ outcome }}_last_band
            else {{ held_band(outcome, 'counted') }}
        end as {{ outcome }}_band
        {%- endfor %}
    from (
        select
            moved.*
            {%- for outcome in outcomes() %}
            {%- for cut, side in sides() %},
            case
                when moved.is_held then moved.{{ outcome }}_last_{{ cut }}_{{ side }}
                else {{ weeks_past(outcome, cut, side, 'moved.' ~ outcome ~ '_score', 'moved', 'moved.' ~ outcome ~ '_last_' ~ cut ~ '_' ~ side) }}
            end as {{ outcome }}_weeks_{{ cut }}_{{ side }}
            {%- endfor %}
            {%- endfor %}
        from (
            select
                this_week.*
                {%- for outcome in outcomes() %},
                case when this_week.is_held then last_week.{{ outcome }}_weighted_sum else {{ smoothing_sums(outcome) }} end as {{ outcome }}_weighted_sum,
                case when this_week.is_held then last_week.{{ outcome }}_weight_sum else {{ smoothing_weights(outcome) }} end as {{ outcome }}_weight_sum,
                case when this_week.is_held then last_week.{{ outcome }}_score else {{ guarded(outcome) }} end as {{ outcome }}_score,
                {%- for cut, side in sides() %}
                last_week.{{ outcome }}_weeks_{{ cut }}_{{ side }} as {{ outcome }}_last_{{ cut }}_{{ side }},
                {%- endfor %}
                last_week.{{ outcome }}_band as {{ outcome }}_last_band
                {%- endfor %}
            from (
                select
                    raw_scores.*,
                    {%- for outcome in outcomes() %}
                    rules.{{ outcome }}_half_life,
                    rules.{{ outcome }}_medium_cut,
                    rules.{{ outcome }}_high_cut,
                    {%- endfor %}
                    rules.band_change_margin,
                    rules.band_change_weeks,
                    rules.unscored_weeks,
                    case when raw_scores.tenure_week < rules.ramp_weeks then rules.most_move_ramp else rules.most_move end as most_move_now,
                    coalesce(held_weights.held_weight >= rules.stale_weight, false) as is_held
                from {{ ref('raw_score_series') }} as raw_scores
                {{- rules_of_the_week }}
            ) as this_week
            inner join series as last_week
                on this_week.partner_id = last_week.partner_id and this_week.tenure_week = last_week.tenure_week + 1
        ) as moved
    ) as counted
)
{% endif %}

select
    partner_id,
    week_start,
    is_held
    {%- for outcome in outcomes() %},
    {{ outcome }}_weighted_sum / {{ outcome }}_weight_sum as {{ outcome }}_smoothed_score,
    {{ outcome }}_score,
    {{ band_name(outcome ~ '_band') }} as {{ outcome }}_band,
    {{ outcome }}_weighted_sum,
    {{ outcome }}_weight_sum,
    {%- for cut, side in sides() %}
    {{ outcome }}_weeks_{{ cut }}_{{ side }}{{ ',' if not loop.last }}
    {%- endfor %}
    {%- endfor %}
from ({{ changed_rows('series') }}) as computed
