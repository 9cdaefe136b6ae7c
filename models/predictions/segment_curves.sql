-- One row per origin, segment, outcome, knot and score from 0 to 100: the likelihood by both calibrations, fitted
-- on the segment's partners, and the one that has done better so far on outcomes that came later.
{%- set keys = ['origin_week', 'segment', 'outcome', 'knot'] %}
with rates as (
    select * from {{ ref('segment_rates') }}
),

priors as (
    select
        programme_curves.origin_week,
        segments.segment,
        programme_curves.outcome,
        programme_curves.knot,
        programme_curves.point,
        programme_curves.likelihood as prior_likelihood
    from {{ ref('programme_curves') }} as programme_curves
    cross join {{ ref('segments') }} as segments
),

{{ both_curves('rates', 'priors', keys) }},

counts as (
    select * from {{ ref('outcome_counts') }} where predictor = 'score'
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
    on
        calibrated.origin_week = methods.origin_week
        and calibrated.segment = methods.segment
        and calibrated.outcome = methods.outcome
