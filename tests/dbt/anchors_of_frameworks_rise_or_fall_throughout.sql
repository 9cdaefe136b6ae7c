-- Pooling and scenarios make new anchors of those that policy states: floor, target and stretch still rise, or
-- still fall. One row per framework, segment and metric of which they do not.
select framework, segment, metric, floor_value, target_value, stretch_value
from {{ ref('resolved_anchors') }}
where (target_value - floor_value) * (stretch_value - target_value) <= 0
