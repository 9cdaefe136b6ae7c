-- One row per source entity and week of the last year: whether it was silent for longer than usual.
select * from {{ ref('source_silence') }}
