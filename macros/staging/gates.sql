{# Each way in which a row can break the rules of a column: [[condition, reason], ...].
   Conditions read the gated column `name` and its raw text `name__raw`; they are never null. #}
{% macro column_gates(column) %}
    {% set meta = column.config.meta %}
    {% set name = column.name %}
    {% set gates = [] %}
    {% if meta.get('not_null') %}
        {% do gates.append([name ~ '__raw is null', 'missing']) %}
    {% endif %}
    {% if column.data_type != 'string' %}
        {% do gates.append([name ~ '__raw is not null and ' ~ name ~ ' is null', type_in_words(column.data_type)]) %}
    {% endif %}
    {% if meta.get('values') %}
        {% set listed = "'" ~ meta['values'] | join("', '") ~ "'" %}
        {% do gates.append([name ~ ' is not null and ' ~ name ~ ' not in (' ~ listed ~ ')', 'not one of ' ~ meta['values'] | join(', ')]) %}
    {% endif %}
    {% if meta.get('pattern') %}
        {% do gates.append([name ~ ' is not null and not ' ~ full_match(name, meta['pattern']), 'not like ' ~ meta['pattern']]) %}
    {% endif %}
    {% if meta.get('minimum') is not none %}
        {% do gates.append([name ~ ' is not null and ' ~ name ~ ' < ' ~ meta['minimum'], 'below ' ~ meta['minimum']]) %}
    {% endif %}
    {% if meta.get('maximum') is not none %}
        {% do gates.append([name ~ ' is not null and ' ~ name ~ ' > ' ~ meta['maximum'], 'above ' ~ meta['maximum']]) %}
    {% endif %}
    {% if column.data_type in ('timestamp', 'date') %}
        {{ return(gates + time_gates(name, meta)) }}
    {% endif %}
    {{ return(gates) }}
{% endmacro %}

{# A time is neither before the first plausible day nor, unless its contract allows it, in the future of its landing. #}
{% macro time_gates(name, meta) %}
    {% set gates = [[
        name ~ ' is not null and ' ~ name ~ " < date '" ~ var('earliest_plausible_day') ~ "'",
        'before ' ~ var('earliest_plausible_day'),
    ]] %}
    {% if not meta.get('may_be_future') %}
        {% set latest = add_days('cast(loaded_at as date)', var('clock_tolerance_days') + 1) %}
        {% do gates.append([name ~ ' is not null and ' ~ name ~ ' >= ' ~ latest, 'in the future']) %}
    {% endif %}
    {{ return(gates) }}
{% endmacro %}

{# All gates of an entity: [[condition, 'column: reason'], ...]. #}
{% macro entity_gates(contract) %}
    {% set gates = [] %}
    {% for column in contract.columns %}
        {% for condition, reason in column_gates(column) %}
            {% do gates.append([condition, column.name ~ ': ' ~ reason]) %}
        {% endfor %}
    {% endfor %}
    {{ return(gates) }}
{% endmacro %}
