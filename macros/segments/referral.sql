{# Recommends us and leaves the sale to us. A condition on a row of `partners`. #}
{% macro segment_referral() -%}
    track = 'referral'
{%- endmacro %}
