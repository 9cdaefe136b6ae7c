-- One row per experiment and arm that is compared with the control.
{{ config(materialized='view') }}

select
    experiment,
    arm,
    title,
    hypothesis,
    state,
    metric,
    recommendation,
    reason,
    owner,
    partners,
    control_partners,
    treatment_partners,
    contaminated,
    contaminated_share,
    chance_of_sizes,
    difference,
    difference_low,
    difference_high,
    confidence,
    p_value,
    minimum_effect,
    detectable_effect,
    registered_on,
    planned_look_on,
    as_of_on
from {{ source('derived', 'experiment_verdicts') }}
