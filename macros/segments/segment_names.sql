{# The segments that have a macro `segment_<name>` in this folder. #}
{% macro segment_names() %}
    {% set names = [] %}
    {% for name in context.keys() if name.startswith('segment_') and name != 'segment_names' %}
        {% do names.append(name[8:]) %}
    {% endfor %}
    {{ return(names | sort) }}
{% endmacro %}
