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

{# A query: the rows of `picked` (origin_week, quarter_start, pool, place, factor and mean_ratio) with drawn_ratio:
   how many times its expectation a partner brings in, by the residual at that place of its pool and the quarter's
   factor, scaled so that the mean of a pool is 1. #}
{% macro drawn_ratios(picked) -%}
    select
        {{ picked }}.*,
        {{ picked }}.factor * residuals.ratio / {{ picked }}.mean_ratio as drawn_ratio
    from {{ picked }}
    inner join {{ ref('forecast_residuals') }} as residuals
        on
            {{ picked }}.origin_week = residuals.origin_week
            and {{ picked }}.quarter_start = residuals.quarter_start
            and {{ picked }}.pool = residuals.pool
            and {{ picked }}.place = residuals.place
{%- endmacro %}
