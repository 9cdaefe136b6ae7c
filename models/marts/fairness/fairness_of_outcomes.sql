-- One row per outcome, attribute and group.
select * from {{ ref('outcomes_by_group') }}
