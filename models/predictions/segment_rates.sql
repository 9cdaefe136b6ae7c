-- One row per origin, segment, outcome, knot and score that was seen before: the share of the segment's partners
-- that reached the outcome, with as much of what all partners did as its history leaves room for.
with counts as (
    select * from {{ ref('training_counts') }} where predictor = 'score' and segment != 'all'
),

programme_curves as (
    select * from {{ ref('programme_curves') }}
),

definitions as (
    select * from {{ ref('outcome_definitions') }}
),

weighed as (
    select
        counts.origin_week,
        counts.segment,
        counts.outcome,
        counts.knot,
        counts.point,
        counts.partners,
        counts.events,
        programme_curves.likelihood as prior_likelihood,
        {{ own_share('sum(counts.partners) over (partition by counts.origin_week, counts.segment, counts.outcome, counts.knot)', 'definitions') }} as own_share
    from counts
    inner join programme_curves
        on
            counts.origin_week = programme_curves.origin_week
            and counts.outcome = programme_curves.outcome
            and counts.knot = programme_curves.knot
            and counts.point = programme_curves.point
    inner join definitions on counts.outcome = definitions.outcome
)

select
    *,
    own_share * events / partners + (1 - own_share) * prior_likelihood as rate
from weighed
