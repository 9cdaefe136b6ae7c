-- One row per partner and reason, the weightiest first: at most two strengths and two gaps.
with reasons as (
    select * from {{ ref('metric_reasons') }}
)

select
    partner_id,
    week_start,
    metric,
    kind,
    reason,
    place,
    points
from reasons
where place <= 2
