{# Delivers services around the product. A condition on a row of `partners`. #}
{% macro segment_services() -%}
    track = 'services'
{%- endmacro %}
