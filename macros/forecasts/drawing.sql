{# How many draws a forecast is made of. #}
{% macro draws() -%}
    (select step as draw from {{ steps(10000) }} where step < {{ parameter('forecast_draws') }})
{%- endmacro %}

{# The place (0 to `residuals` - 1) that a text draws from a pool. #}
{% macro drawn_place(text_expr, residuals) -%}
    cast(floor({{ uniform_of(text_expr) }} * {{ residuals }}) as integer)
{%- endmacro %}

{# The ends and the middle of a distribution of `amount_expr`: column name -> quantile. #}
{% macro forecast_quantiles() %}
    {{ return({'low_95': 0.025, 'low_80': 0.1, 'median': 0.5, 'high_80': 0.9, 'high_95': 0.975}) }}
{% endmacro %}

{# The quantiles of `amount_expr` as columns, each named after it with `suffix`. #}
{% macro quantile_columns(amount_expr, suffix='') -%}
    {%- for name, quantile in forecast_quantiles().items() -%}
    round(percentile_cont({{ quantile }}) within group (order by {{ amount_expr }}), 9) as {{ name }}{{ suffix }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
