-- One row per metric and week of the last year.
select * from {{ ref('behaviour_drift') }}
