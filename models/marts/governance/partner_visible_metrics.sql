-- One row per metric that its partner may see on the scorecard, in words for partners.
-- What policy does not name is not shown.
with visibility as (
    select * from {{ ref('partner_visibility') }} where is_shown
),

definitions as (
    select * from {{ ref('metric_definitions') }}
)

select
    visibility.metric,
    visibility.shown_name,
    visibility.in_words,
    definitions.unit,
    definitions.better,
    definitions.layer,
    visibility.owner,
    visibility.reason
from visibility
inner join definitions on visibility.metric = definitions.metric
