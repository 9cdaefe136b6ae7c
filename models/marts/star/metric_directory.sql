-- One row per metric: what it is called and where it belongs; its columns share no name with another table of the star.
with definitions as (
    select * from {{ ref('metric_definitions') }}
),

availability as (
    select * from {{ ref('metric_availability') }}
)

select
    definitions.metric,
    definitions.definition as metric_definition,
    definitions.unit as metric_unit,
    definitions.better as metric_better,
    definitions.layer as metric_layer,
    definitions.metric_group,
    definitions.owner as metric_owner,
    availability.is_applicable as is_metric_measured
from definitions
inner join availability on definitions.metric = availability.metric
