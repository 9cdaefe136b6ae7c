{# Configuration of a model that adds what arrived to what it has: rows of the keys that arrived are
   replaced. On Spark, where Parquet has no delete, whole partitions are replaced (see
   `rows_of_touched_partitions`), or without a `partition` the model is built anew. `clean_up`: a
   statement after an addition. #}
{% macro by_arrival(unique_key, partition=none, clean_up=[]) %}
    {% if target.type != 'spark' %}
        {{ return({
            'materialized': 'incremental',
            'incremental_strategy': 'delete+insert',
            'unique_key': unique_key,
            'on_schema_change': 'fail',
            'post_hook': clean_up,
        }) }}
    {% elif partition %}
        {{ return({
            'materialized': 'incremental',
            'incremental_strategy': 'insert_overwrite',
            'partition_by': partition,
            'on_schema_change': 'fail',
        }) }}
    {% endif %}
    {{ return({'materialized': 'table'}) }}
{% endmacro %}

{# The rest of the partitions that a model's changed rows lie in or lay in: rows of other keys, as they
   are. `changed` is a relation with the keys that changed and the partitions that are new. For an engine
   that replaces whole partitions; where rows are replaced there is nothing to add. #}
{% macro rows_of_touched_partitions(changed, keys, partition, columns) -%}
    {{ return(adapter.dispatch('rows_of_touched_partitions', 'partner_scoring')(changed, keys, partition, columns)) }}
{%- endmacro %}

{% macro default__rows_of_touched_partitions(changed, keys, partition, columns) -%}{%- endmacro %}

{% macro spark__rows_of_touched_partitions(changed, keys, partition, columns) -%}
    {%- set same = [] -%}
    {%- for key in keys -%}
        {%- do same.append('present.' ~ key ~ ' = ' ~ changed ~ '.' ~ key) -%}
    {%- endfor -%}
    {%- if is_incremental() -%}
    union all
    select {{ columns }}
    from {{ this }} as present
    where
        present.{{ partition }} in (
            select {{ partition }} from {{ changed }}
            union
            select present.{{ partition }} from {{ this }} as present left semi join {{ changed }} on {{ same | join(' and ') }}
        )
        and not exists (select 1 from {{ changed }} where {{ same | join(' and ') }})
    {%- endif -%}
{%- endmacro %}

{# A statement, rendered when the model has been built: rows whose key another model no longer has go. #}
{% macro delete_rows_not_in(model, keys) %}
    {% set same = [] %}
    {% for key in keys %}
        {% do same.append('kept.' ~ key ~ ' = present.' ~ key) %}
    {% endfor %}
    {{ return(
        'delete from {{ this }} as present where not exists (select 1 from {{ ref("' ~ model ~ '") }} as kept where '
        ~ same | join(' and ') ~ ')'
    ) }}
{% endmacro %}
