{# Select list of gated columns, their raw texts and where each row came from. #}
{% macro gated_columns(contract) -%}
    {%- for column in contract.columns %}
    {{ gated_cast(column) }} as {{ column.name }},
    {{ column.name }} as {{ column.name }}__raw,
    {%- endfor %}
    _file_id as file_id,
    _row_number as row_number,
    _note as note_of_landing,
    _loaded_at as loaded_at
{%- endmacro %}

{# Rows of a raw relation that had landed by `known_at`; with `since`, only those that landed later. #}
{% macro arrived_rows(raw, since=none) -%}
    select * from {{ raw }}
    where
        {% if var('known_at') %}_loaded_at <= cast('{{ var("known_at") }}' as timestamp){% else %}true{% endif %}
        {% if since %}and _loaded_at > (select coalesce(max({{ since }}), cast('1900-01-01' as timestamp)) from {{ this }}){% endif %}
{%- endmacro %}

{# Every landed version of an entity that passes its gates, typed, with the moment at which a newer
   version superseded it (null: it is the newest) and the last arrival of its key. A version that withdraws
   its record is superseded as it arrives: the record is in its past and in nobody's present. #}
{% macro staged(source_name, entity) %}
{% set raw = source(source_name, entity) %}
{% if not execute %}{{ return('select * from ' ~ raw) }}{% endif %}
{% set contract = contract_of(source_name, entity) %}
{% set names = contract.columns | map(attribute='name') | join(', ') %}
{% set key = contract.key %}
{% set withdrawn = 'versions.' ~ contract.withdrawn_by ~ ' is not null' if contract.withdrawn_by else 'false' %}
{% set newest_last = ([contract.version, 'loaded_at', contract.withdrawn_by] | select | list) + [names, 'file_id', 'row_number'] %}
with arrived as (
    {{ arrived_rows(raw, 'changed_at' if is_incremental() else none) }}
),

gated as (
    select {{ gated_columns(contract) }}
    from arrived
),

accepted as (
    select {{ names }}, file_id, row_number, note_of_landing, loaded_at
    from gated
    where
        true
        {%- for condition, reason in entity_gates(contract) %}
        and not ({{ condition }})
        {%- endfor %}
),

versions as (
    select * from accepted
    {% if is_incremental() -%}
    union all
    select {{ names }}, file_id, row_number, note_of_landing, loaded_at
    from {{ this }}
    where {{ key }} in (select {{ key }} from accepted)
    {%- endif %}
),

successions as (
    select
        {{ key }},
        file_id,
        row_number,
        min(loaded_at) over (
            partition by {{ key }}
            order by {{ newest_last | join(' asc nulls first, ') }} asc nulls first
            rows between 1 following and unbounded following
        ) as superseded_at,
        max(loaded_at) over (partition by {{ key }}) as changed_at
    from versions
    where {{ key }} in (select {{ key }} from versions group by {{ key }} having count(*) > 1)
),

changed as (
    select
        versions.*,
        case when {{ withdrawn }} then versions.loaded_at else successions.superseded_at end as superseded_at,
        coalesce(successions.changed_at, versions.loaded_at) as changed_at
    from versions
    left join successions
        on
            versions.{{ key }} = successions.{{ key }}
            and versions.file_id = successions.file_id
            and versions.row_number = successions.row_number
)

select * from changed
{{ rows_of_touched_partitions('accepted', [key], 'loaded_at',
    names ~ ', file_id, row_number, note_of_landing, loaded_at, superseded_at, changed_at') }}
{% endmacro %}

{# The rows of an entity that break a gate: where they are, and every reason. #}
{% macro quarantined(source_name, entity) %}
{% set raw = source(source_name, entity) %}
{% if not execute %}{{ return('select * from ' ~ raw) }}{% endif %}
{% set contract = contract_of(source_name, entity) %}
{% set gates = entity_gates(contract) %}
select
    '{{ source_name }}' as source,
    '{{ entity }}' as entity,
    {{ contract.key }}__raw as record_id,
    file_id,
    row_number,
    concat_ws('; '
        {%- for condition, reason in gates %},
        case when {{ condition }} then '{{ reason | replace("'", "''") }}' end
        {%- endfor %}
    ) as reason,
    loaded_at
from (
    select {{ gated_columns(contract) }}
    from ({{ arrived_rows(raw, 'loaded_at' if is_incremental() else none) }}) as arrived
) as gated
where
    {%- for condition, reason in gates %}
    {% if not loop.first %}or {% endif %}({{ condition }})
    {%- endfor %}
{% endmacro %}

{# The newest versions of an entity's records that wait, and where they stand: those of partners that nobody knows,
   and those that the relation `held` names by `source` and `source_record_id`, with its reason. #}
{% macro held_rows(held, source_name, entity) %}
{% set staged_rows = ref('stg_' ~ source_name ~ '__' ~ entity) %}
{% if not execute %}{{ return('select * from ' ~ staged_rows) }}{% endif %}
{% set key = contract_of(source_name, entity).key %}
select
    '{{ source_name }}.{{ entity }}' as source,
    staged.{{ key }} as source_record_id,
    staged.partner_id,
    coalesce({{ held }}.held_reason, 'unknown partner') as held_reason,
    staged.file_id,
    staged.row_number,
    staged.loaded_at
from {{ staged_rows }} as staged
left join {{ held }} on staged.{{ key }} = {{ held }}.source_record_id and {{ held }}.source = '{{ source_name }}.{{ entity }}'
where
    staged.superseded_at is null
    and ({{ held }}.held_reason is not null or staged.partner_id not in (select partner_id from {{ ref('stg_crm__partners') }}))
{% endmacro %}
