-- What lands is counted, and what records mean is heard. One row per entity with a landing contract that
-- `source_status` leaves out, and per mapping model that `activity_records` does; both follow macros/staging/sources.sql.
with contracts as (
    select null as source, null as entity
    {%- for each in (graph.sources.values() if execute else []) if each.config.meta.get('contract') %}
    union all
    select '{{ each.source_name }}' as source, '{{ each.name }}' as entity
    {%- endfor %}
)

select contracts.source || '.' || contracts.entity as left_out
from contracts
left join {{ ref('source_status') }} as status
    on contracts.source = status.source and contracts.entity = status.entity
where contracts.source is not null and status.source is null
{%- for each in (graph.nodes.values() if execute else []) if each.name.startswith('activities_from_') and each.name[16:] not in sources_of_activities() %}
union all
select '{{ each.name }}' as left_out
{%- endfor %}
