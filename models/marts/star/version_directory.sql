-- One row per framework version: by which rules a week was scored; no column shares its name with another table of the star.
with versions as (
    select * from {{ ref('framework_versions') }}
)

select
    framework_version,
    status as version_status,
    method as version_method,
    reason as version_reason,
    owner as version_owner,
    effective_from as version_effective_from
from versions
