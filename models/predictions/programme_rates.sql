-- One row per origin, outcome, knot of tenure and score that was seen before: the share of all partners that reached the
-- outcome, with as much of what experts expect as the history leaves room for.
with counts as (
    select * from {{ ref('training_counts') }} where predictor = 'score' and segment = 'all'
),

priors as (
    select * from {{ ref('expected_likelihoods') }}
),

definitions as (
    select * from {{ ref('outcome_definitions') }}
),

weighed as (
    select
        counts.origin_week,
        counts.outcome,
        counts.knot,
        counts.point,
        counts.partners,
        counts.events,
        priors.likelihood as prior_likelihood,
        {{ own_share('sum(counts.partners) over (partition by counts.origin_week, counts.outcome, counts.knot)', 'definitions') }} as own_share
    from counts
    inner join priors on counts.outcome = priors.outcome and counts.point = priors.point
    inner join definitions on counts.outcome = definitions.outcome
)

select
    *,
    own_share * events / partners + (1 - own_share) * prior_likelihood as rate
from weighed
