-- One row per decision about the framework: what, when, by whom and why.
select * from {{ ref('decision_log') }}
