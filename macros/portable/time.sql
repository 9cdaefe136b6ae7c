{# Date `days` days after `date_expr`; `days` may be negative or an expression. #}
{% macro add_days(date_expr, days) -%}
    {{ return(adapter.dispatch('add_days', 'partner_scoring')(date_expr, days)) }}
{%- endmacro %}

{% macro default__add_days(date_expr, days) -%}
    cast({{ date_expr }} + to_days(cast({{ days }} as integer)) as date)
{%- endmacro %}

{% macro spark__add_days(date_expr, days) -%}
    date_add({{ date_expr }}, cast({{ days }} as int))
{%- endmacro %}

{# Date `weeks` weeks after `date_expr`. #}
{% macro add_weeks(date_expr, weeks) -%}
    {{ add_days(date_expr, '7 * (' ~ weeks ~ ')') }}
{%- endmacro %}

{# Whole days from one date to another (integer; negative when `until` is earlier). #}
{% macro days_between(since, until) -%}
    {{ return(adapter.dispatch('days_between', 'partner_scoring')(since, until)) }}
{%- endmacro %}

{% macro default__days_between(since, until) -%}
    cast(date_diff('day', cast({{ since }} as date), cast({{ until }} as date)) as integer)
{%- endmacro %}

{% macro spark__days_between(since, until) -%}
    datediff(cast({{ until }} as date), cast({{ since }} as date))
{%- endmacro %}

{# Whole weeks between two Mondays (integer). #}
{% macro weeks_between(since, until) -%}
    cast({{ days_between(since, until) }} / 7 as integer)
{%- endmacro %}

{# Hours (double) from one timestamp to another. #}
{% macro hours_between(since, until) -%}
    {{ return(adapter.dispatch('hours_between', 'partner_scoring')(since, until)) }}
{%- endmacro %}

{% macro default__hours_between(since, until) -%}
    (epoch_ms({{ until }}) - epoch_ms({{ since }})) / 3600000.0
{%- endmacro %}

{% macro spark__hours_between(since, until) -%}
    (unix_millis({{ until }}) - unix_millis({{ since }})) / cast(3600000 as double)
{%- endmacro %}

{# Timestamp `hours` hours after `timestamp_expr`. #}
{% macro add_hours(timestamp_expr, hours) -%}
    {{ return(adapter.dispatch('add_hours', 'partner_scoring')(timestamp_expr, hours)) }}
{%- endmacro %}

{% macro default__add_hours(timestamp_expr, hours) -%}
    ({{ timestamp_expr }} + to_hours(cast({{ hours }} as integer)))
{%- endmacro %}

{% macro spark__add_hours(timestamp_expr, hours) -%}
    timestampadd(HOUR, cast({{ hours }} as int), {{ timestamp_expr }})
{%- endmacro %}

{# The Monday (date) of the week that holds a date or timestamp. #}
{% macro week_start(expr) -%}
    cast(date_trunc('week', {{ expr }}) as date)
{%- endmacro %}

{# Rows 0 .. count - 1 in a column `step`. `count` is a literal. #}
{% macro steps(count) -%}
    {{ return(adapter.dispatch('steps', 'partner_scoring')(count)) }}
{%- endmacro %}

{% macro default__steps(count) -%}
    (select cast(range as integer) as step from range({{ count }})) as steps
{%- endmacro %}

{% macro spark__steps(count) -%}
    (select cast(id as int) as step from range({{ count }})) as steps
{%- endmacro %}

{# The half-year of a day or time, as 2026-H1. #}
{% macro half_year(expr) -%}
    cast(extract(year from {{ expr }}) as {{ dbt.type_string() }})
    || case when extract(month from {{ expr }}) <= 6 then '-H1' else '-H2' end
{%- endmacro %}
