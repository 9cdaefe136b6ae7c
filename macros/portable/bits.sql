{# A bit that stands for the day of a date within the week that begins at `week_start_expr`. #}
{% macro day_bit(date_expr, week_start_expr) -%}
    {{ return(adapter.dispatch('day_bit', 'partner_scoring')(date_expr, week_start_expr)) }}
{%- endmacro %}

{% macro default__day_bit(date_expr, week_start_expr) -%}
    (1 << {{ days_between(week_start_expr, date_expr) }})
{%- endmacro %}

{% macro spark__day_bit(date_expr, week_start_expr) -%}
    shiftleft(1, {{ days_between(week_start_expr, date_expr) }})
{%- endmacro %}
