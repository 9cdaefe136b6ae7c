-- One row per partner, outcome and alternative framework: what it would say beside the official score.
with alternatives as (
    select * from {{ ref('alternative_scores') }}
)

select * from alternatives
