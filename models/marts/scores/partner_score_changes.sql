-- One row per partner, outcome and horizon (1 or 13 weeks): why the published score changed, in parts that add up.
with score_changes as (
    select * from {{ ref('score_changes') }}
)

select * from score_changes
