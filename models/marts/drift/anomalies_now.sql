-- One row per thing that is unusual in the last scored week.
select * from {{ ref('anomalies') }}
