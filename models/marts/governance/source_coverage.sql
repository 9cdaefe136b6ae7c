-- One row per source entity of the landing contract: what landed, what became of it, whether it is fresh.
with source_status as (
    select * from {{ ref('source_status') }}
)

select * from source_status
