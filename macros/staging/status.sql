{# Counts of one entity: what landed, was staged, was superseded by a newer version, was quarantined,
   and when its oldest and newest events were. What comes after the scored day says nothing about it:
   a source that begins, or recovers, later was not there. #}
{% macro status_of(source_name, entity) %}
{% set staged_rows = ref('stg_' ~ source_name ~ '__' ~ entity) %}
{% set raw = source(source_name, entity) %}
{% if not execute %}{{ return('select * from ' ~ staged_rows ~ ', ' ~ raw) }}{% endif %}
{% set node = graph.nodes.values() | selectattr('name', 'equalto', 'stg_' ~ source_name ~ '__' ~ entity) | first %}
{% set source_node = graph.sources.values() | selectattr('source_name', 'equalto', source_name) | selectattr('name', 'equalto', entity) | first %}
{% set meta = source_node.config.meta %}
select
    '{{ source_name }}' as source,
    '{{ entity }}' as entity,
    {{ literal(meta.get('owner')) }} as owner,
    {{ literal(meta.contract.get('interval', 'daily')) }} as interval_expected,
    cast({{ source_node.config.freshness.warn_after.count }} as integer) as fresh_for_days,
    (select count(*) from ({{ arrived_rows(raw) }}) as arrived) as rows_landed,
    count(*) as rows_staged,
    count(*) filter (where superseded_at is not null) as rows_superseded,
    min(cast({{ meta.contract.event_time }} as date)) as oldest_event_on,
    max(cast({{ meta.contract.event_time }} as timestamp)) filter (
        where {{ meta.contract.event_time }} <= loaded_at
            and cast({{ meta.contract.event_time }} as date) <= (select as_of_on from {{ ref('score_horizon') }})
    ) as newest_event_at,
    max(loaded_at) as newest_arrival_at
from {{ staged_rows }}
{% endmacro %}
