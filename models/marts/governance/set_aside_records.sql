-- One row per landed row that broke a gate and per record that waits for its partner or a rate.
{{ config(materialized='table') }}

with quarantined as (
    select * from {{ ref('quarantined_records') }}
),

held as (
    select * from {{ ref('held_activities') }}
),

files as (
    select * from {{ source('landing', 'files') }}
),

set_aside as (
    select
        quarantined.source || '.' || quarantined.entity as source_entity,
        quarantined.record_id,
        'quarantined' as state,
        quarantined.reason,
        files.path,
        quarantined.row_number,
        quarantined.loaded_at
    from quarantined
    left join files on quarantined.file_id = files.file_id
    union all
    select distinct
        held.source as source_entity,
        held.source_record_id as record_id,
        'held' as state,
        held.held_reason as reason,
        cast(null as {{ dbt.type_string() }}) as path,
        cast(null as bigint) as row_number,
        held.loaded_at
    from held
)

select * from set_aside
