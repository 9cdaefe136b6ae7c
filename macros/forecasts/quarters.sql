{# The first day (date) of the calendar quarter that a week counts in: the one that holds its Thursday, and so
   most of its days. #}
{% macro quarter_of_week(week_start_expr) -%}
    cast(date_trunc('quarter', {{ add_days(week_start_expr, 3) }}) as date)
{%- endmacro %}

{# The Monday of the first week that counts in the quarter which begins on a day. #}
{% macro first_week_of_quarter(quarter_start_expr) -%}
    {{ week_start(add_days(quarter_start_expr, 3)) }}
{%- endmacro %}

{# A quarter's name: 2026 Q3. #}
{% macro quarter_name(quarter_start_expr) -%}
    cast(extract(year from {{ quarter_start_expr }}) as {{ dbt.type_string() }}) || ' Q'
    || cast(cast(floor((extract(month from {{ quarter_start_expr }}) + 2) / 3) as integer) as {{ dbt.type_string() }})
{%- endmacro %}

{# The outcome of policy that forecasts are made of, and how many weeks it counts. #}
{% macro forecast_definition() -%}
    (select *, last_week - first_week + 1 as weeks from {{ ref('outcome_definitions') }} where outcome = 'revenue')
{%- endmacro %}

{# The groups that forecasts are added up by: name of the dimension -> expression over a row with segment,
   tier and region. #}
{% macro forecast_dimensions() %}
    {{ return({'programme': "'all'", 'segment': 'segment', 'tier': 'tier', 'region': 'region'}) }}
{% endmacro %}
