{# Builds a product that works with ours. A condition on a row of `partners`. #}
{% macro segment_technology() -%}
    track = 'technology'
{%- endmacro %}
