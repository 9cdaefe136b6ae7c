{# How far a partner's own value counts beside the prior: Z = n / (n + k) (Buehlmann credibility).
   Without evidence column 1; null while nothing has been observed. Relations `observed` and
   `parameters` must be in scope. #}
{% macro credibility(metric) -%}
    {%- set name = metric.name -%}
    {%- if metric.evidence -%}
    case
        when observed.{{ name }} is null then null
        when coalesce(observed.{{ metric.evidence }}, 0) + parameters.{{ name }}__prior_strength = 0 then 1.0
        else coalesce(observed.{{ metric.evidence }}, 0) / (coalesce(observed.{{ metric.evidence }}, 0) + parameters.{{ name }}__prior_strength)
    end
    {%- else -%}
    case when observed.{{ name }} is not null then 1.0 end
    {%- endif -%}
{%- endmacro %}

{# A metric's value with as much of the prior as its evidence leaves room for: Z x own + (1 - Z) x prior,
   or the prior while it has not been observed. #}
{% macro credible_value(metric) -%}
    {%- set name = metric.name -%}
    {%- if metric.evidence -%}
    case
        when observed.{{ name }} is null or coalesce(observed.{{ metric.evidence }}, 0) + parameters.{{ name }}__prior_strength = 0
            then coalesce(observed.{{ name }}, parameters.{{ name }}__prior)
        else
            (observed.{{ metric.evidence }} * observed.{{ name }} + parameters.{{ name }}__prior_strength * parameters.{{ name }}__prior)
            / (observed.{{ metric.evidence }} + parameters.{{ name }}__prior_strength)
    end
    {%- else -%}
    coalesce(observed.{{ name }}, parameters.{{ name }}__prior)
    {%- endif -%}
{%- endmacro %}

{# 0 to 100: piecewise linear through floor (0), target (target points) and stretch (100), on the
   metric's scale. Anchors run downwards where lower is better. #}
{% macro anchored_score(metric, value) -%}
    {%- set name = metric.name -%}
    {%- set at = 'ln(1 + greatest(' ~ value ~ ', 0))' if metric.scale == 'log1p' else value -%}
    parameters.target_points * least(greatest(
        ({{ at }} - parameters.{{ name }}__floor) / (parameters.{{ name }}__target - parameters.{{ name }}__floor), 0), 1)
    + parameters.stretch_points * least(greatest(
        ({{ at }} - parameters.{{ name }}__target) / (parameters.{{ name }}__stretch - parameters.{{ name }}__target), 0), 1)
{%- endmacro %}

{# The way back: the value that scores so many points, from the anchors of the row (its columns scale,
   floor_value, target_value and stretch_value). #}
{% macro value_at_score(score, target_points) -%}
    {%- set floor_at, target_at, stretch_at = on_scale('floor_value'), on_scale('target_value'), on_scale('stretch_value') -%}
    {%- set at -%}
    case
        when {{ score }} <= {{ target_points }}
            then {{ floor_at }} + {{ score }} / {{ target_points }} * ({{ target_at }} - {{ floor_at }})
        else {{ target_at }} + ({{ score }} - {{ target_points }}) / (100 - {{ target_points }}) * ({{ stretch_at }} - {{ target_at }})
    end
    {%- endset -%}
    case when scale = 'log1p' then exp({{ at }}) - 1 else {{ at }} end
{%- endmacro %}

{# A value on the scale of its metric. #}
{% macro on_scale(value) -%}
    case when scale = 'log1p' then ln(1 + {{ value }}) else {{ value }} end
{%- endmacro %}
