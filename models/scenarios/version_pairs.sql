-- One row per framework version that is based on another: the two frameworks to compare.
with versions as (
    select framework_version, based_on from {{ ref('framework_versions') }}
),

frameworks as (
    select * from {{ ref('frameworks') }} where role in ('official', 'proposed')
)

select
    versions.framework_version,
    versions.based_on as base_version,
    frameworks.framework,
    base_frameworks.framework as base_framework,
    frameworks.role
from versions
inner join frameworks on versions.framework_version = frameworks.framework_version
inner join frameworks as base_frameworks on versions.based_on = base_frameworks.framework_version
