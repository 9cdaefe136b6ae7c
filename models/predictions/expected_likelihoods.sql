-- One row per outcome and score from 0 to 100: how likely experts hold it, on a straight line of log odds
-- through what they say at 50 and at 80. What stands in while there is no history.
with definitions as (
    select
        outcome,
        {{ log_odds('prior_at_50') }} as at_50,
        {{ log_odds('prior_at_80') }} as at_80
    from {{ ref('outcome_definitions') }}
)

select
    definitions.outcome,
    steps.step as point,
    round({{ likelihood_of('definitions.at_50 + (definitions.at_80 - definitions.at_50) * (steps.step - 50) / 30.0') }}, 12) as likelihood
from definitions
cross join {{ steps(101) }}
