-- One row per partner and week of its tenure: raw, smoothed and published scores side by side.
with outcome_scores as (
    select * from {{ ref('outcome_scores') }}
)

select * from outcome_scores
