{# How much of last week's smoothed score stays: half of it after `half_life` weeks. #}
{% macro decay(outcome) -%}
    pow(0.5, 1 / this_week.{{ outcome }}_half_life)
{%- endmacro %}

{# Numerator and denominator of the exponentially weighted mean of all raw scores so far, from last
   week's: the mean is their quotient, so the first weeks need no starting value. #}
{% macro smoothing_sums(outcome) -%}
    this_week.{{ outcome }}_raw_score + {{ decay(outcome) }} * last_week.{{ outcome }}_weighted_sum
{%- endmacro %}

{% macro smoothing_weights(outcome) -%}
    1 + {{ decay(outcome) }} * last_week.{{ outcome }}_weight_sum
{%- endmacro %}

{# The smoothed score, but never further from last week's published score than a week may move it. #}
{% macro guarded(outcome) -%}
    least(greatest(
        ({{ smoothing_sums(outcome) }}) / ({{ smoothing_weights(outcome) }}),
        last_week.{{ outcome }}_score - this_week.most_move_now),
        last_week.{{ outcome }}_score + this_week.most_move_now)
{%- endmacro %}

{# Band (0 low, 1 medium, 2 high) of a score by the plain cuts. #}
{% macro plain_band(outcome, score, rules) -%}
    case
        when {{ score }} >= {{ rules }}.{{ outcome }}_high_cut then 2
        when {{ score }} >= {{ rules }}.{{ outcome }}_medium_cut then 1
        else 0
    end
{%- endmacro %}

{# The two cuts of an outcome and the two sides of each: weeks in a row past the cut by the margin. #}
{% macro sides() %}
    {{ return([('medium', 'above'), ('medium', 'below'), ('high', 'above'), ('high', 'below')]) }}
{% endmacro %}

{# For how many weeks in a row a score has been past a cut by the margin, this week included. #}
{% macro weeks_past(outcome, cut, side, score, week, weeks_before='0') -%}
    case
        when {{ score }} {{ '>=' if side == 'above' else '<' }} {{ week }}.{{ outcome }}_{{ cut }}_cut
            {{ '+' if side == 'above' else '-' }} {{ week }}.band_change_margin
            then {{ weeks_before }} + 1
        else 0
    end
{%- endmacro %}

{# The band of a week: once the score is shown, it changes when the score has been past a cut by the
   margin for the weeks that policy asks, or for as long as there are weeks. #}
{% macro held_band(outcome, week) -%}
    {%- set enough = 'least(' ~ week ~ '.band_change_weeks, ' ~ week ~ '.tenure_week + 1)' -%}
    case
        -- Before the first score is shown there is no band to hold on to.
        when {{ week }}.tenure_week < {{ week }}.unscored_weeks
            then {{ plain_band(outcome, week ~ '.' ~ outcome ~ '_score', week) }}
        when {{ week }}.{{ outcome }}_weeks_high_above >= {{ enough }} then 2
        when {{ week }}.{{ outcome }}_weeks_medium_above >= {{ enough }} and {{ week }}.{{ outcome }}_last_band = 0 then 1
        when {{ week }}.{{ outcome }}_weeks_medium_below >= {{ enough }} then 0
        when {{ week }}.{{ outcome }}_weeks_high_below >= {{ enough }} and {{ week }}.{{ outcome }}_last_band = 2 then 1
        else {{ week }}.{{ outcome }}_last_band
    end
{%- endmacro %}

{# The word for a band. #}
{% macro band_name(band) -%}
    case {{ band }} when 2 then 'high' when 1 then 'medium' else 'low' end
{%- endmacro %}

{# The number of a band by its word. #}
{% macro band_number(band) -%}
    case {{ band }} when 'high' then 2 when 'medium' then 1 else 0 end
{%- endmacro %}
