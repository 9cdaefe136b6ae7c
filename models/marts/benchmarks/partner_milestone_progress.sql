-- One row per partner and milestone: expected, reached, and how many others had by then.
with milestone_progress as (
    select * from {{ ref('milestone_progress') }}
)

select * from milestone_progress
