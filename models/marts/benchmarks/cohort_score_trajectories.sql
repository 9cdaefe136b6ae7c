-- One row per cohort and week of tenure: how many of its partners had a score then, and its quartiles.
with cohort_scores as (
    select * from {{ ref('cohort_scores') }}
)

select * from cohort_scores
