-- One row per segment, milestone and week of tenure: how many of its partners had reached it by then.
with cohort_milestones as (
    select * from {{ ref('cohort_milestones') }}
)

select * from cohort_milestones
