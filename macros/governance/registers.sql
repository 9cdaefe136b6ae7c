{# What the project states about itself in YAML, as lists of mappings sorted by name, for the registers of
   the chapter on governance. Empty while dbt parses. #}

{# Every entity with a landing contract. #}
{% macro registered_sources() %}
    {% set found = [] %}
    {% for node in (graph.sources.values() if execute else []) if node.config.meta.get('contract') %}
        {% set meta, limits, personal = node.config.meta, node.config.freshness, [] %}
        {% for column in node.columns.values() if column.config.meta.get('personal_data') %}
            {% do personal.append(column.name ~ ' (' ~ column.config.meta.personal_data ~ ')') %}
        {% endfor %}
        {% do found.append(dict(
            meta.contract, name=node.source_name ~ '.' ~ node.name, source=node.source_name, entity=node.name,
            description=node.description, owner=meta.get('owner'), columns=node.columns | length,
            warn_after=limits.warn_after.count, error_after=limits.error_after.count,
            personal=personal | join(', '), path=node.original_file_path)) %}
    {% endfor %}
    {{ return(found | sort(attribute='name')) }}
{% endmacro %}

{# Every policy table, with what its meta says. #}
{% macro registered_policy() %}
    {% set found = [] %}
    {% for node in (graph.nodes.values() if execute else []) if node.resource_type == 'seed' and node.config.meta.get('sealed') %}
        {% do found.append(dict(node.config.meta, name=node.name, description=node.description)) %}
    {% endfor %}
    {{ return(found | sort(attribute='name')) }}
{% endmacro %}

{# Every mart. #}
{% macro registered_marts() %}
    {% set found = [] %}
    {% for node in (graph.nodes.values() if execute else []) if node.resource_type == 'model' and node.schema == 'marts' %}
        {% do found.append(dict(node.config.meta, name=node.name, chapter=node.fqn[-2], description=node.description)) %}
    {% endfor %}
    {{ return(found | sort(attribute='name')) }}
{% endmacro %}

{# A text as a day, or null. #}
{% macro day(text) -%}
    cast({{ literal(text) }} as date)
{%- endmacro %}

{# A row of an owner's things: who owns, what kind of thing, which, and how many policy rows it stands for. #}
{% macro owned(relation, kind, name, rows=none) -%}
    select owner, '{{ kind }}' as item_kind, {{ name }} as item, {{ 'cast(count(*) as integer)' if rows else 'cast(1 as integer)' }} as policy_rows
    from {{ relation }}
    {%- if rows %} group by owner{% endif %}
{%- endmacro %}
