-- One row per landed row that broke a gate and per record that waits for its partner or a rate.
{{ config(materialized='table') }}

with quarantined as (
    select * from {{ ref('quarantined_records') }}
),

held as (
    select * from {{ ref('held_records') }}
),

files as (
    select * from {{ source('landing', 'files') }}
),

set_aside as (
    select
        source || '.' || entity as source_entity,
        record_id,
        cast(null as {{ dbt.type_string() }}) as named_partner_id,
        'quarantined' as state,
        reason,
        file_id,
        row_number,
        loaded_at
    from quarantined
    union all
    select
        source as source_entity,
        source_record_id as record_id,
        partner_id as named_partner_id,
        'held' as state,
        held_reason as reason,
        file_id,
        row_number,
        loaded_at
    from held
)

select
    set_aside.source_entity,
    set_aside.record_id,
    set_aside.named_partner_id,
    set_aside.state,
    set_aside.reason,
    files.path,
    set_aside.row_number,
    set_aside.loaded_at
from set_aside
left join files on set_aside.file_id = files.file_id
