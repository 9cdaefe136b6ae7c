-- One row per segment: the share of its own numbers that its size would speak for, beside the one in force.
with estimates as (
    select * from {{ ref('pooling_estimates') }}
)

select * from estimates
