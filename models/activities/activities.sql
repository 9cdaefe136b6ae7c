-- One row per thing that a known partner did or that was due from it, as last reported.
with activity_records as (
    select * from {{ ref('activity_records') }}
),

partners as (
    select * from {{ ref('stg_crm__partners') }}
)

select
    partner_id,
    source,
    source_record_id,
    activity_type,
    quantity,
    amount,
    counted_on,
    occurred_at,
    loaded_at
from activity_records
where
    superseded_at is null
    and held_reason is null
    and partner_id in (select partner_id from partners)
