{# Before a build: the tables that Python fills once it is done (models/staging/pipeline/_derived.yml) are
   there, with the columns that their YAML states, so that marts can be views of them. On Spark they come
   with the lake. #}
{% macro ensure_derived() -%}
    {{ return(adapter.dispatch('ensure_derived', 'partner_scoring')()) }}
{%- endmacro %}

{% macro default__ensure_derived() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'test') -%}
    {%- for source in graph.sources.values() if source.config.meta.get('derived') -%}
        {%- set relation = api.Relation.create(database=source.database, schema=source.schema, identifier=source.identifier) -%}
        {%- set columns = [] -%}
        {%- for column in source.columns.values() -%}
            {%- do columns.append(column.name ~ ' ' ~ column.data_type) -%}
        {%- endfor -%}
        {%- set there = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
        {%- do run_query('create schema if not exists ' ~ source.schema) -%}
        {%- if there != source.columns.values() | map(attribute='name') | list -%}
            {%- do run_query('create or replace table ' ~ relation ~ ' (' ~ columns | join(', ') ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro spark__ensure_derived() -%}{%- endmacro %}
