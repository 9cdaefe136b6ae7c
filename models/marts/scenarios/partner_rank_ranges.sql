-- One row per partner and outcome: how far rank and score depend on what experts said of the weights.
select * from {{ ref('rank_ranges') }}
