-- One row per partner, outcome, horizon and metric that moved the raw score by itself or by its weight.
with drivers as (
    select * from {{ ref('score_change_drivers') }}
)

select *
from drivers
where abs(metric_points) + abs(weight_points) > 0.000001
