-- One row per framework version: who approved it, when it is looked at again, and its newest seal.
with versions as (
    select * from {{ ref('framework_versions') }}
),

seals as (
    select * from {{ ref('policy_seals') }}
),

newest as (
    select framework_version, count(*) as seals, max(seal) as seal
    from seals
    group by framework_version
)

select
    versions.framework_version,
    versions.status,
    versions.based_on,
    versions.method,
    versions.owner,
    versions.reason,
    versions.approved_by,
    seals.decisions as sealed_decisions,
    seals.seal_hash,
    cast(coalesce(newest.seals, 0) as integer) as seals,
    versions.blend_weeks,
    versions.effective_from,
    versions.approved_on,
    seals.sealed_on,
    versions.review_due
from versions
left join newest on versions.framework_version = newest.framework_version
left join seals on newest.seal = seals.seal
