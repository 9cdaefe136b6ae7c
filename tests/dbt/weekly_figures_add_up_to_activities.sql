-- The weeks hold what the activities of tenure say and, of what lasts, those of before the contract too, no
-- more and no less. One row per partner where they differ.
with tenures as (
    select
        partner_id,
        min(week_start) as first_on,
        {{ add_days('max(week_start)', 6) }} as last_on
    from {{ ref('partner_calendar') }}
    group by partner_id
),

activities as (
    select
        activities.*,
        activities.counted_on >= tenures.first_on as is_in_tenure,
        activity_types.counts_as_active
    from {{ ref('activities') }} as activities
    inner join {{ ref('activity_types') }} as activity_types
        on activities.activity_type = activity_types.activity_type
    inner join tenures on activities.partner_id = tenures.partner_id
    where
        activities.counted_on <= tenures.last_on
        and (activities.counted_on >= tenures.first_on or activity_types.is_stock)
),

from_activities as (
    select
        partner_id,
        count(*) filter (where counts_as_active and is_in_tenure) as active_activities,
        count(*) filter (where activity_type = 'lead_accepted') as leads_accepted,
        count(*) filter (where activity_type = 'deal_won' and is_in_tenure) as deals_won,
        count(*) filter (where activity_type = 'deal_qualified')
        - count(*) filter (where activity_type = 'deal_won')
        - coalesce(sum(cast(quantity as integer)) filter (where activity_type = 'deal_lost'), 0) as open_deals_change,
        count(*) filter (where activity_type = 'training_assigned') as trainings_assigned,
        coalesce(
            sum(cast(quantity as integer)) filter (where activity_type in ('certification_awarded', 'certification_lapsed')), 0
        ) as certified_people_change,
        coalesce(sum(cast(quantity as integer)) filter (where activity_type = 'milestone_reached'), 0) as required_milestones_reached,
        count(*) filter (where activity_type = 'request_received') as requests_due,
        coalesce(sum(cast(quantity as integer)) filter (where activity_type = 'survey_answered'), 0) as survey_points,
        coalesce(sum(amount * 100) filter (where activity_type = 'booking' and quantity = 1), 0) as sourced_revenue_cents
    from activities
    group by partner_id
),

from_weeks as (
    select
        partner_id,
        sum(active_activities) as active_activities,
        sum(leads_accepted) as leads_accepted,
        sum(deals_won) as deals_won,
        sum(open_deals_change) as open_deals_change,
        sum(trainings_assigned) as trainings_assigned,
        sum(certified_people_change) as certified_people_change,
        sum(required_milestones_reached) as required_milestones_reached,
        sum(requests_due) as requests_due,
        sum(survey_points) as survey_points,
        sum(sourced_revenue_cents) as sourced_revenue_cents
    from {{ ref('partner_weeks') }}
    group by partner_id
)

select from_weeks.partner_id
from from_weeks
left join from_activities on from_weeks.partner_id = from_activities.partner_id
where
    false
    {%- for figure in [
        'active_activities', 'leads_accepted', 'deals_won', 'open_deals_change', 'trainings_assigned', 'certified_people_change',
        'required_milestones_reached', 'requests_due', 'survey_points', 'sourced_revenue_cents',
    ] %}
    or from_weeks.{{ figure }} != coalesce(from_activities.{{ figure }}, 0)
    {%- endfor %}
union all
select partner_id from from_activities
where partner_id not in (select partner_id from from_weeks)
