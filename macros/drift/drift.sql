{# The value that a chi-square variable of `df` degrees of freedom exceeds as seldom as a normal one exceeds
   `deviations` (Wilson and Hilferty 1931, PNAS 17, 684-688; within 1% from six degrees on, 3% before). #}
{% macro chi_square_limit(df, deviations) -%}
    ({{ df }} * power(1 - 2.0 / (9 * {{ df }}) + {{ deviations }} * sqrt(2.0 / (9 * {{ df }})), 3))
{%- endmacro %}

{# Rows of metric and source entity, for every metric that names its sources. #}
{% macro sources_of_metrics() -%}
    {%- for metric in metrics() %}
    {%- for source_entity in metric.sources or [] %}
    select '{{ metric.name }}' as metric, '{{ source_entity }}' as source
    union all
    {%- endfor %}
    {%- endfor %}
    select cast(null as {{ dbt.type_string() }}) as metric, cast(null as {{ dbt.type_string() }}) as source
{%- endmacro %}
