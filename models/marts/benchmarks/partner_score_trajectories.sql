-- One row per partner and week of its tenure: its scores beside the quartiles of its segment.
with score_trajectories as (
    select * from {{ ref('score_trajectories') }}
)

select * from score_trajectories
