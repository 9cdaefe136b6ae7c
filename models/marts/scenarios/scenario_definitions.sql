-- One row per change of a scenario: what is asked, and what is changed to answer it.
with scenarios as (
    select * from {{ ref('scenarios') }}
),

changes as (
    select * from {{ ref('scenario_changes') }}
)

select
    scenarios.scenario,
    cast(row_number() over (
        partition by scenarios.scenario
        order by
            changes.changes asc nulls last, changes.name asc nulls first, changes.part asc nulls first,
            changes.segment asc nulls first, changes.outcome asc nulls first
    ) as integer) as change_number,
    scenarios.question,
    scenarios.owner,
    scenarios.reason,
    changes.changes,
    changes.segment,
    changes.outcome,
    changes.name,
    changes.part,
    coalesce(changes.factor, 1) as factor,
    coalesce(changes.addition, 0) as addition,
    changes.reason as reason_of_change
from scenarios
inner join changes on scenarios.scenario = changes.scenario
