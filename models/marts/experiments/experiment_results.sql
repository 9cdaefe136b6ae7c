-- One row per experiment, metric, arm, scale and adjustment.
{{ config(materialized='view') }}

select
    experiment,
    metric,
    arm,
    scale,
    role,
    state,
    method,
    control_partners,
    treatment_partners,
    control_value,
    treatment_value,
    difference,
    difference_low,
    difference_high,
    confidence,
    p_value,
    minimum_effect,
    detectable_effect,
    is_adjusted,
    is_planned
from {{ source('derived', 'experiment_results') }}
