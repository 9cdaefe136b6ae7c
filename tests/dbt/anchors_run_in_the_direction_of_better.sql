-- Floor, target and stretch rise where higher is better and fall where lower is. One row per anchor that does not.
select anchors.framework_version, anchors.segment, anchors.metric
from {{ ref('metric_anchors') }} as anchors
inner join {{ ref('metric_definitions') }} as definitions on anchors.metric = definitions.metric
where
    (
        definitions.better = 'higher'
        and not (
            anchors.floor_value < anchors.target_value
            and anchors.target_value < anchors.stretch_value
        )
    )
    or (
        definitions.better = 'lower'
        and not (
            anchors.floor_value > anchors.target_value
            and anchors.target_value > anchors.stretch_value
        )
    )
