-- A version is based on an older one that exists, so that its rows end somewhere. One row per version that is not.
select versions.framework_version, versions.based_on
from {{ ref('framework_versions') }} as versions
left join {{ ref('framework_versions') }} as older on versions.based_on = older.framework_version
where
    versions.based_on is not null
    and (older.framework_version is null or older.framework_version >= versions.framework_version)
