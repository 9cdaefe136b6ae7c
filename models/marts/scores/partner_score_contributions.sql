-- One row per partner, outcome and metric of the partner's last week: the points that make up its raw score.
with contributions as (
    select * from {{ ref('score_contributions') }}
)

select * from contributions
