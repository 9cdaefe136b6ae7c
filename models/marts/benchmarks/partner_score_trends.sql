-- One row per partner and outcome: where its score went in the last eight weeks.
with score_trends as (
    select * from {{ ref('score_trends') }}
)

select * from score_trends
