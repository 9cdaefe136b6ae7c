-- One row per partner, outcome and metric that alone could carry the score into the next band, smallest step first.
with steps as (
    select * from {{ ref('next_band_steps') }}
)

select * from steps
