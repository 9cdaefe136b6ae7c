{# Before a build: the tables that an analysis fills after it, empty where they are not there yet, so that
   marts can name them. On Spark they are tables of the lake (`attach_lake`). #}
{% macro make_room_for_analyses() -%}
    {%- if execute and target.type == 'duckdb' and flags.WHICH in ('build', 'run', 'test') -%}
    {%- for source in graph.sources.values() if source.config.meta.get('analysis') -%}
        {%- set columns = [] -%}
        {%- for column in source.columns.values() -%}
            {%- do columns.append(column.name ~ ' ' ~ column.data_type) -%}
        {%- endfor -%}
        {%- do run_query('create schema if not exists ' ~ source.schema) -%}
        {%- do run_query('create table if not exists ' ~ source.schema ~ '.' ~ source.identifier ~ ' (' ~ columns | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
