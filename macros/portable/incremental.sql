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

{# A statement, rendered when a model with a row per partner and week has been built: weeks that are outside the
   tenure of their partner go. #}
{% macro delete_weeks_outside_tenure() %}
    {{ return(
        'delete from {{ this }} as present where not exists (select 1 from {{ ref("partners") }} as partners where '
        ~ 'partners.partner_id = present.partner_id and present.week_start between partners.contract_week and partners.last_week)'
    ) }}
{% endmacro %}

{# Whether the table that is being built is there and this run adds to it. Code and policy are then what they
   were: otherwise a run builds everything anew (orchestration/builds.py). A text, empty if it does not: unit tests
   state it. #}
{% macro adds_to_last_run() -%}
    {%- if execute and target.type != 'spark' and model.resource_type == 'model' and not should_full_refresh() -%}
    {%- set present = load_relation(this) -%}
    {{- 'adds' if present is not none and present.type == 'table' -}}
    {%- endif -%}
{%- endmacro %}

{# Configuration of a model with a row per partner and week (`week`), or with rows that tell of a partner's
   last weeks (none): rows from the first changed week of a partner on are replaced, or all of its rows.
   The model selects them by `changed_rows`. #}
{% macro by_changed_partner(week='week_start') %}
    {% if target.type == 'spark' %}{{ return({'materialized': 'table'}) }}{% endif %}
    {{ return({
        'materialized': 'incremental',
        'incremental_strategy': 'append',
        'on_schema_change': 'fail',
        'pre_hook': "{{ delete_changed_rows(ref('changed_partners'), " ~ ("'" ~ week ~ "'" if week else 'none') ~ ") }}",
    }) }}
{% endmacro %}

{# A statement before a run adds: rows that no longer stand go. #}
{% macro delete_changed_rows(changed_partners, week) %}
    {%- if adds_to_last_run() -%}
    delete from {{ this }} as present
    where not exists (
        select 1 from {{ changed_partners }} as changed_partners
        where
            present.partner_id = changed_partners.partner_id
            and (changed_partners.from_week is null{{ ' or present.' ~ week ~ ' < changed_partners.from_week' if week }})
    )
    {%- endif -%}
{% endmacro %}

{# A query: the rows of a relation that this run computes. Everything, unless it adds. #}
{% macro changed_rows(relation, week='week_start') -%}
    {#- Named while dbt reads the project, so that it knows what comes first. -#}
    {%- set changed_partners = ref('changed_partners') if not execute or adds_to_last_run() -%}
    select rows_there.* from {{ relation }} as rows_there
    {%- if adds_to_last_run() %}
    inner join {{ changed_partners }} as changed_partners
        on
            rows_there.partner_id = changed_partners.partner_id
            and {{ 'rows_there.' ~ week ~ ' >= changed_partners.from_week' if week else 'changed_partners.from_week is not null' }}
    {%- endif %}
{%- endmacro %}
