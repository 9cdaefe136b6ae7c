-- One row per metric: what it means, who owns it, why it exists and whether the programme can measure it.
with definitions as (
    select * from {{ ref('metric_definitions') }}
),

availability as (
    select * from {{ ref('metric_availability') }}
)

select
    definitions.*,
    availability.is_applicable
from definitions
inner join availability on definitions.metric = availability.metric
