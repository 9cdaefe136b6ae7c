{# The weeks that a release explains: a partner's last week, the one before it and the one a quarter before. #}
{% macro weeks_explained() %}
    {{ return([0, 1, 13]) }}
{% endmacro %}
