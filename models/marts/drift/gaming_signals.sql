-- One row per partner, signal and what it is about.
select * from {{ ref('gaming_of_days') }}
union all
select * from {{ ref('gaming_of_records') }}
union all
select * from {{ ref('gaming_of_targets') }}
