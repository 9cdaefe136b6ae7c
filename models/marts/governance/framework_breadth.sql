-- One row per framework version, segment and outcome: how much of the framework's weight the programme's sources can
-- measure at all, for a mature partner.
{{ config(materialized='table') }}

with in_force as (
    select max(leading_version) as framework_version
    from {{ ref('framework_weeks') }}
    where is_official and week_start = (select max(week_start) from {{ ref('framework_weeks') }})
)

select
    shares.framework_version,
    coalesce(shares.framework_version = in_force.framework_version, false) as is_in_force,
    shares.segment,
    shares.outcome,
    shares.metrics_measurable,
    shares.metrics_defined,
    shares.breadth
from {{ ref('measurable_shares') }} as shares
cross join in_force
