-- One row per source entity and week of the last year.
select * from {{ ref('source_drift') }}
