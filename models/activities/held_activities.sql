-- One row per activity that waits: its partner is unknown, or its currency has no rate.
with activity_records as (
    select * from {{ ref('activity_records') }}
),

partners as (
    select * from {{ ref('stg_crm__partners') }}
)

select
    activity_records.partner_id,
    activity_records.source,
    activity_records.source_record_id,
    activity_records.activity_type,
    coalesce(activity_records.held_reason, 'unknown partner') as held_reason,
    activity_records.occurred_at,
    activity_records.loaded_at
from activity_records
where
    activity_records.superseded_at is null
    and (
        activity_records.held_reason is not null
        or activity_records.partner_id not in (select partner_id from partners)
    )
