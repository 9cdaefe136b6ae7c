{# Before a build on Spark: every source is a table over its files in the lake. On DuckDB, where landing
   writes the tables themselves, there is nothing to do. #}
{% macro attach_lake() -%}
    {{ return(adapter.dispatch('attach_lake', 'partner_scoring')()) }}
{%- endmacro %}

{% macro default__attach_lake() -%}{%- endmacro %}

{% macro spark__attach_lake() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'test') -%}
    {%- set lake = env_var('PARTNER_SCORING_SPARK_LAKE', env_var('PARTNER_SCORING_LAKE', 'warehouse/lake')) -%}
    {%- for schema in graph.sources.values() | map(attribute='schema') | unique -%}
        {%- do run_query('create schema if not exists ' ~ schema) -%}
    {%- endfor -%}
    {%- for source in graph.sources.values() if source.config.meta.get('contract') or source.config.meta.get('in_lake') -%}
        {%- set table = source.schema ~ '.' ~ source.identifier -%}
        {%- if flags.FULL_REFRESH -%}
            {%- do run_query('drop table if exists ' ~ table) -%}
        {%- endif -%}
        {%- do run_query(
            'create table if not exists ' ~ table ~ ' (' ~ lake_columns(source) | join(', ') ~ ') using parquet '
            ~ ("partitioned by (loaded_on) " if source.config.meta.get('contract') else '')
            ~ "location '" ~ lake ~ '/' ~ source.schema ~ '/' ~ source.identifier ~ "'"
        ) -%}
        {#- Files of yesterday are remembered; days and files that came since are not. -#}
        {%- do run_query(('msck repair table ' if source.config.meta.get('contract') else 'refresh table ') ~ table) -%}
    {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{# The columns of a source in the lake: as its YAML has them; raw rows are text and say where they came from. #}
{% macro lake_columns(source) %}
    {% set columns = [] %}
    {% for column in source.columns.values() %}
        {% do columns.append(column.name ~ ' ' ~ ('string' if source.config.meta.get('contract') else column.data_type)) %}
    {% endfor %}
    {% if source.config.meta.get('contract') %}
        {% do columns.extend(['_file_id int', '_row_number bigint', '_loaded_at timestamp', '_note string', 'loaded_on date']) %}
    {% endif %}
    {{ return(columns) }}
{% endmacro %}
