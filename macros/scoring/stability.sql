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
{% macro plain_band(outcome, score, relation, margin='0') -%}
    case
        when {{ score }} >= {{ relation }}.{{ outcome }}_high_cut + ({{ margin }}) then 2
        when {{ score }} >= {{ relation }}.{{ outcome }}_medium_cut + ({{ margin }}) then 1
        else 0
    end
{%- endmacro %}

{# The band that a score asks for: past the cut by the margin, in either direction; last week's otherwise. #}
{% macro wanted_band(outcome, score) -%}
    case
        when {{ plain_band(outcome, score, 'moved', 'moved.band_change_margin') }} > moved.{{ outcome }}_last_band
            then {{ plain_band(outcome, score, 'moved', 'moved.band_change_margin') }}
        when {{ plain_band(outcome, score, 'moved', '-moved.band_change_margin') }} < moved.{{ outcome }}_last_band
            then {{ plain_band(outcome, score, 'moved', '-moved.band_change_margin') }}
        else moved.{{ outcome }}_last_band
    end
{%- endmacro %}

{# The word for a band. #}
{% macro band_name(band) -%}
    case {{ band }} when 2 then 'high' when 1 then 'medium' else 'low' end
{%- endmacro %}
