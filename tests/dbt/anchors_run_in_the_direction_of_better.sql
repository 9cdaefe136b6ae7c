-- Floor, target and stretch rise where higher is better and fall where lower is. One row per anchor that does not.
select anchors.framework_version, anchors.segment, anchors.metric
from {{ ref('metric_anchors') }} as anchors
inner join {{ ref('metric_definitions') }} as definitions on anchors.metric = definitions.metric
where
    (definitions.better = 'higher' and not (floor_value < target_value and target_value < stretch_value))
    or (definitions.better = 'lower' and not (floor_value > target_value and target_value > stretch_value))
