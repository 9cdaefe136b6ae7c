-- One row per origin, segment and outcome: what its prediction was made of.
select * from {{ ref('outcome_fits') }}
