{# The metric registry of models/metrics/_metrics.yml: one mapping per metric, sorted by name, with its
   name, description, family (the model that computes it) and everything under `meta.metric`.
   Empty while dbt parses. #}
{% macro metrics() %}
    {% set found = [] %}
    {% if execute %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and node.package_name == project_name %}
            {% for column in node.columns.values() if column.config.meta.get('metric') %}
                {% do found.append(dict({'open_to': [], 'settled_week': none}, **dict(column.config.meta['metric'], name=column.name, family=node.name, description=column.description))) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {{ return(found | sort(attribute='name')) }}
{% endmacro %}

{# The two outcomes that scores predict. #}
{% macro outcomes() %}
    {{ return(['engagement', 'revenue']) }}
{% endmacro %}

{# The three layers of the framework. #}
{% macro layers() %}
    {{ return(['strategy', 'execution', 'results']) }}
{% endmacro %}

{# The metrics that may have a weight for an outcome, or those of one of its layers; without `opened` those that
   every version weighs. #}
{% macro metrics_of(outcome, layer=none, opened=true) %}
    {% set found = [] %}
    {% for metric in metrics() if layer is none or metric.layer == layer %}
        {% if outcome in metric.outcomes or (opened and outcome in metric.open_to) %}
            {% do found.append(metric) %}
        {% endif %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}

{# A text as an SQL literal. #}
{% macro literal(text) -%}
    {%- if text is none -%} cast(null as {{ dbt.type_string() }}) {%- else -%} '{{ text | string | replace("'", "''") }}' {%- endif -%}
{%- endmacro %}
