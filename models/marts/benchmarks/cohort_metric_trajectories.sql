-- One row per cohort, trajectory week and metric: how many of its partners had a value then, and its quartiles.
with cohort_metrics as (
    select * from {{ ref('cohort_metrics') }}
)

select * from cohort_metrics
