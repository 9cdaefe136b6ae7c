{# Sum of a weekly measure over the last `weeks` weeks of a partner, this one included (double).
   Whole numbers below 2^53 add up exactly in any order; the model ends with `trailing_windows`. #}
{% macro sum_of(measure, weeks) -%}
    sum(cast({{ measure }} as double)) over last_{{ weeks }}_weeks
{%- endmacro %}

{# Sum of a weekly measure since the contract (double). #}
{% macro total_of(measure) -%}
    sum(cast({{ measure }} as double)) over since_contract
{%- endmacro %}

{# The named windows of `sum_of` and `total_of`. `partner_weeks` has a row for every week, so rows are weeks. #}
{% macro trailing_windows(lengths=[]) -%}
    window
        since_contract as (partition by partner_id order by week_start asc nulls last rows between unbounded preceding and current row)
        {%- for weeks in lengths %},
        last_{{ weeks }}_weeks as (partition by partner_id order by week_start asc nulls last rows between {{ weeks - 1 }} preceding and current row)
        {%- endfor %}
{%- endmacro %}

{# A number of the policy table `metric_parameters`. #}
{% macro parameter(name) -%}
    (select value from {{ ref('metric_parameters') }} where parameter = '{{ name }}')
{%- endmacro %}

{# The last day (a Sunday) of the score week. #}
{% macro week_end(week_start_expr='week_start') -%}
    {{ add_days(week_start_expr, 6) }}
{%- endmacro %}

{# What a euro of policy is worth in the reporting currency, by the newest year of the rates. #}
{% macro parameter_rate() -%}
    (select max_by(rate, rate_year) from {{ ref('reporting_rates') }} where currency = 'EUR')
{%- endmacro %}
