{# The value below which a share of a group lies, straight lines between neighbours (Hyndman and Fan's
   type 7, as numpy and spreadsheets have it). Only values that are there count. #}
{% macro quantile_of(value, share) -%}
    percentile_cont({{ share }}) within group (order by {{ value }} asc nulls last)
{%- endmacro %}

{# The quartiles of a value: name of the column -> share of the group below it. #}
{% macro quartiles() %}
    {{ return({'lower_quartile': 0.25, 'median': 0.5, 'upper_quartile': 0.75}) }}
{% endmacro %}

{# An expression, where the group is large enough to say anything. #}
{% macro if_enough(expression, group_size) -%}
    case when {{ group_size }} >= {{ parameter('least_cohort') }} then {{ expression }} end
{%- endmacro %}

{# Whether a week has a score that may be compared: 0 for a contract that ended is no performance. #}
{% macro has_comparable_score(relation) -%}
    {{ relation }}.status in ('provisional', 'published', 'stale')
{%- endmacro %}

{# Where a value lies against the quartiles of its cohort; empty where either is missing. #}
{% macro position_of(value, lower_quartile, upper_quartile) -%}
    case
        when {{ value }} is null or {{ lower_quartile }} is null then null
        when {{ value }} < {{ lower_quartile }} then 'below'
        when {{ value }} > {{ upper_quartile }} then 'above'
        else 'within'
    end
{%- endmacro %}

{# The column of the metric that a row is about: from columns side by side to rows without reading
   them once per metric. `metric` is the column that names it; `others` maps further names to columns. #}
{% macro value_of_metric(metric, relation, suffix='', others={}) -%}
    case {{ metric }}
        {%- for each in metrics() %}
        when '{{ each.name }}' then {{ relation }}.{{ each.name }}{{ suffix }}
        {%- endfor %}
        {%- for name, column in others.items() %}
        when '{{ name }}' then {{ column }}
        {%- endfor %}
        {%- if not metrics() and not others %}
        when '' then null
        {%- endif %}
    end
{%- endmacro %}
