{# The landing contract of an entity, as its source YAML states it; none while dbt parses. #}
{% macro contract_of(source_name, entity) %}
    {% set found = graph.sources.values()
        | selectattr('source_name', 'equalto', source_name)
        | selectattr('name', 'equalto', entity) | list %}
    {% if not found %}
        {{ exceptions.raise_compiler_error('no source ' ~ source_name ~ '.' ~ entity ~ ' in models/staging') }}
    {% endif %}
    {% set contract = found[0].config.meta.contract %}
    {{ return({
        'key': contract.key[0],
        'version': contract.get('version'),
        'withdrawn_by': contract.get('withdrawn_by'),
        'columns': found[0].columns.values() | list,
    }) }}
{% endmacro %}

{# A raw text column as its contract type; null when it does not match the type in full. #}
{% macro gated_cast(column) -%}
    {%- set type = column.data_type -%}
    {%- set name = column.name -%}
    {%- if type == 'string' -%}
        {{ name }}
    {%- elif type == 'timestamp' -%}
        case when {{ full_match(name, timestamp_pattern()) }} then {{ utc_timestamp(name) }} end
    {%- else -%}
        case when {{ full_match(name, plain_pattern(type)) }} then try_cast({{ name }} as {{ 'bigint' if type == 'integer' else type }}) end
    {%- endif -%}
{%- endmacro %}

{# ISO 8601 to the second, with its offset. #}
{% macro timestamp_pattern() -%}
    [0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,9})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])
{%- endmacro %}

{# How a date, an integer, a boolean or a decimal(p,s) is written; no exponent, no blank, no comma. #}
{% macro plain_pattern(type) -%}
    {%- if type == 'date' -%}
        [0-9]{4}-[0-9]{2}-[0-9]{2}
    {%- elif type == 'integer' -%}
        [+-]?[0-9]{1,18}
    {%- elif type == 'boolean' -%}
        true|false|True|False|TRUE|FALSE|1|0
    {%- else -%}
        {%- set precision, scale = type[8:-1].split(',') -%}
        [+-]?[0-9]{1,{{ precision | int - scale | int }}}(?:[.][0-9]{0,{{ scale | int }}}0*)?
    {%- endif -%}
{%- endmacro %}

{# What a reader of a quarantined record is told about a value that is not of its type. #}
{% macro type_in_words(type) -%}
    {{ {
        'timestamp': 'not a timestamp with seconds and offset',
        'date': 'not a date (YYYY-MM-DD)',
        'integer': 'not a whole number',
        'boolean': 'neither true nor false',
    }.get(type, 'not a plain ' ~ type) }}
{%- endmacro %}
