-- One row per segment and metric with evidence: what the data say about the prior, beside the one in force.
with estimates as (
    select * from {{ ref('prior_estimates') }}
)

select * from estimates
