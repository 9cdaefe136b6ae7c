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
    {{ status_of('accounts', 'profiles') }}
    union all
    {{ status_of('crm', 'activities') }}
    union all
    {{ status_of('crm', 'deals') }}
    union all
    {{ status_of('crm', 'leads') }}
    union all
    {{ status_of('crm', 'partners') }}
    union all
    {{ status_of('crm', 'requests') }}
    union all
    {{ status_of('experiments', 'assignments') }}
    union all
    {{ status_of('feedback', 'ratings') }}
    union all
    {{ status_of('feedback', 'surveys') }}
    union all
    {{ status_of('finance', 'bookings') }}
    union all
    {{ status_of('learning', 'certifications') }}
    union all
    {{ status_of('learning', 'enrollments') }}
    union all
    {{ status_of('marketing', 'commitments') }}
    union all
    {{ status_of('marketing', 'funds') }}
    union all
    {{ status_of('marketing', 'touches') }}
    union all
    {{ status_of('portal', 'events') }}
    union all
    {{ status_of('portal', 'milestones') }}
    union all
    {{ status_of('programme', 'disputes') }}
    union all
    {{ status_of('programme', 'interventions') }}
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
    entities.rows_staged > 0 as has_records,
    coalesce(
        {{ days_between('entities.newest_event_at', 'horizon.as_of_on') }} > entities.fresh_for_days, false
    ) as is_stale,
    entities.newest_event_at,
    entities.newest_arrival_at
from entities
cross join horizon
left join quarantined on entities.source = quarantined.source and entities.entity = quarantined.entity
