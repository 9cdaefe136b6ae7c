-- One row per partner, metric and trajectory week: its value beside the quartiles of its segment.
with metric_trajectories as (
    select * from {{ ref('metric_trajectories') }}
)

select * from metric_trajectories
