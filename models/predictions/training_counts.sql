-- One row per origin, segment (and `all`), outcome, predictor, knot and value of it: what was known by the end
-- of the origin week of the weeks before it. What was not known yet has no part in a fit.
with origins as (
    select * from {{ ref('prediction_origins') }}
),

counts as (
    select * from {{ ref('outcome_counts') }}
),

known as (
    select
        origins.origin_week,
        counts.*
    from origins
    inner join counts
        on
            origins.origin_week >= counts.known_week
            and origins.history_from <= counts.week_start
),

levels as (
    select
        known.*,
        known.segment as level
    from known
    where known.predictor in ('score', 'segment_mean')
    union all
    select
        known.*,
        'all' as level
    from known
    where known.predictor != 'segment_mean'
)

select
    origin_week,
    level as segment,
    outcome,
    predictor,
    knot,
    point,
    round(sum(partners), 9) as partners,
    round(sum(events), 9) as events,
    round(sum(amounts), 9) as amounts,
    round(sum(amount_sum), 6) as amount_sum,
    round(sum(log_amount_sum), 9) as log_amount_sum,
    min(week_start) as first_week,
    max(week_start) as last_week
from levels
group by origin_week, level, outcome, predictor, knot, point
