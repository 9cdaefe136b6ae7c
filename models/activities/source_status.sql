-- One row per source entity: what landed, what became of it, and whether it is still fresh.
{{ config(materialized='table') }}

with horizon as (
    select * from {{ ref('score_horizon') }}
),

quarantined as (
    select source, entity, count(*) as rows_quarantined
    from {{ ref('quarantined_records') }}
    group by source, entity
),

entities as (
    {%- for landed in landed_entities() %}
    {{ status_of(*landed.split('.')) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

dated as (
    select
        entities.*,
        horizon.as_of_on,
        {{ add_days('entities.newest_event_at', 'entities.fresh_for_days') }} as fresh_until_on
    from entities
    cross join horizon
)

select
    entities.source,
    entities.entity,
    entities.owner,
    entities.interval_expected,
    entities.fresh_for_days,
    entities.rows_landed,
    entities.rows_staged,
    entities.rows_superseded,
    coalesce(quarantined.rows_quarantined, 0) as rows_quarantined,
    coalesce(entities.oldest_event_on <= entities.as_of_on, entities.rows_staged > 0) as has_records,
    coalesce(entities.fresh_until_on < entities.as_of_on, false) as is_stale,
    -- The last week that was over while it was still fresh.
    case
        when entities.fresh_until_on < entities.as_of_on
            then {{ add_weeks(week_start(add_days('entities.fresh_until_on', 1)), -1) }}
    end as fresh_until,
    entities.newest_event_at,
    entities.newest_arrival_at
from dated as entities
left join quarantined on entities.source = quarantined.source and entities.entity = quarantined.entity
