-- One row per framework version and version whose rows it may use: itself first, then what it is based on.
with recursive ancestors as (
    select
        framework_version,
        framework_version as ancestor,
        based_on,
        0 as distance
    from {{ ref('framework_versions') }}

    union all

    select
        ancestors.framework_version,
        versions.framework_version as ancestor,
        versions.based_on,
        ancestors.distance + 1 as distance
    from ancestors
    inner join {{ ref('framework_versions') }} as versions on ancestors.based_on = versions.framework_version
    -- A version is based on an older one, so that no circle can close.
    where ancestors.based_on < ancestors.ancestor
)

select framework_version, ancestor, distance from ancestors
