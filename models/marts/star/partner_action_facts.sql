-- One row per intervention that was recommended: for whom, when, and whether it was taken.
with follow_ups as (
    select * from {{ ref('intervention_follow_ups') }}
)

select
    intervention_id as action_id,
    partner_id,
    {{ week_start('recommended_on') }} as week_start,
    intervention as action_name,
    engagement_change as engagement_change_after,
    revenue_change as revenue_change_after,
    is_taken as is_action_taken,
    recommended_on as action_recommended_on,
    taken_on as action_taken_on
from follow_ups
