-- One row per partner, week and framework that scores it: points and weight of every layer of both
-- outcomes. A layer's score is its points / its weight; the points of the layers add up to the score
-- before the overlay. Coverage is the observed share of the weight, confidence the share that rests
-- on the partner's own record and not on a prior.
{{ config(materialized='view') }}

{{ layer_points_of(ref('metric_scores'), ['leading_version', 'is_official', 'framework_share']) }}
