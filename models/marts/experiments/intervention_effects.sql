-- One row per intervention and score: what followed where it was taken and where it was not.
select * from {{ ref('intervention_comparisons') }}
