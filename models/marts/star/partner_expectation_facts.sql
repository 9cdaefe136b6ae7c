-- One row per partner: what to expect of it from its last scored week on.
with predictions as (
    select * from {{ ref('current_predictions') }}
)

select
    partner_id,
    week_start,
    prediction_status,
    engagement_likelihood_band,
    productive_likelihood_band,
    engagement_likelihood,
    productive_likelihood,
    expected_revenue,
    expected_revenue_low,
    expected_revenue_high
from predictions
