-- One row per partner, outcome, framework version and metric that makes a difference in the last week.
select * from {{ ref('version_impact_drivers') }}
