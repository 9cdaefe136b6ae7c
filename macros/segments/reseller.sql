{# Buys and sells on. A condition on a row of `partners`. #}
{% macro segment_reseller() -%}
    track = 'reseller'
{%- endmacro %}
