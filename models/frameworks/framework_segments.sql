-- One row per framework and segment: how much the segment's own weights and anchors count beside the
-- baseline's. By the method of the baseline they count nothing; a small segment's count in part.
with frameworks as (
    select * from {{ ref('frameworks') }}
),

segments as (
    select * from {{ ref('segments') }}
),

pooling as (
    {{ in_version(ref('segment_pooling'), ['segment']) }}
),

in_force as (
    select
        frameworks.framework,
        frameworks.framework_version,
        segments.segment,
        case
            when frameworks.method = 'baseline_with_adjustments' then 0
            else coalesce(cast(pooling.own_share as double), 1)
        end as own_share
    from frameworks
    cross join segments
    left join pooling
        on frameworks.framework_version = pooling.for_version and segments.segment = pooling.segment
)

select
    in_force.framework,
    in_force.framework_version,
    in_force.segment,
    least(greatest({{ changed('in_force.own_share') }}, 0), 1) as own_share
from in_force
{{ change_of('own share', 'in_force') }}
