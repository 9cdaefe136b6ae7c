-- One row per framework version, measure and week.
select * from {{ ref('population_stability') }}
