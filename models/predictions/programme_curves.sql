-- One row per origin, outcome, knot of tenure and score from 0 to 100: the likelihood by both calibrations, fitted on all
-- partners, and the one that has done better so far on outcomes that came later.
{%- set keys = ['origin_week', 'segment', 'outcome', 'knot'] %}
with rates as (
    select *, 'all' as segment from {{ ref('programme_rates') }}
),

priors as (
    select
        origins.origin_week,
        'all' as segment,
        expected.outcome,
        knots.tenure_week as knot,
        expected.point,
        expected.likelihood as prior_likelihood
    from {{ ref('prediction_origins') }} as origins
    cross join {{ ref('expected_likelihoods') }} as expected
    cross join {{ ref('prediction_tenures') }} as knots
),

{{ both_curves('rates', 'priors', keys) }},

counts as (
    select
        'all' as segment,
        outcome,
        week_start,
        known_week,
        knot,
        point,
        sum(partners) as partners,
        sum(events) as events
    from {{ ref('outcome_counts') }}
    where predictor = 'score'
    group by outcome, week_start, known_week, knot, point
),

{{ chosen_methods('calibrated', 'counts') }}

select
    calibrated.*,
    methods.method,
    methods.logistic_loss,
    methods.isotonic_loss,
    case methods.method when 'isotonic' then calibrated.isotonic_likelihood else calibrated.logistic_likelihood end as likelihood
from calibrated
inner join methods
    on calibrated.origin_week = methods.origin_week and calibrated.outcome = methods.outcome
