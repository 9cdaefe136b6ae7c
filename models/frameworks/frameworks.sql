-- One row per framework that the engine evaluates: each version by its own method, which is official
-- once approved, the newest approved one by the other method too, and that one as each scenario changes it.
with versions as (
    select * from {{ ref('framework_versions') }} where status != 'withdrawn'
),

methods as (
    select 'segment_weights' as method
    union all
    select 'baseline_with_adjustments' as method
),

newest as (
    select max_by(framework_version, effective_from) as framework_version from versions where status = 'approved'
)

select
    'version ' || cast(versions.framework_version as {{ dbt.type_string() }})
    || case
        when methods.method = versions.method then ''
        when methods.method = 'segment_weights' then ' by segment'
        else ' by baseline'
    end as framework,
    versions.framework_version,
    methods.method,
    case
        when methods.method != versions.method then 'other method'
        when versions.status = 'approved' then 'official'
        else 'proposed'
    end as role
from versions
cross join methods
cross join newest
where methods.method = versions.method or versions.framework_version = newest.framework_version
union all
select
    {{ scenario_framework('scenarios.scenario') }} as framework,
    versions.framework_version,
    versions.method,
    'scenario' as role
from {{ ref('scenarios') }} as scenarios
cross join newest
inner join versions on newest.framework_version = versions.framework_version
