-- The weeks hold what the activities say, no more and no less. One row per partner where they differ.
with activities as (
    select activities.*, activity_types.counts_as_active
    from {{ ref('activities') }} as activities
    inner join {{ ref('activity_types') }} as activity_types
        on activities.activity_type = activity_types.activity_type
    inner join {{ ref('partner_calendar') }} as calendar
        on
            activities.partner_id = calendar.partner_id
            and {{ week_start('activities.counted_on') }} = calendar.week_start
),

from_activities as (
    select
        partner_id,
        count(*) filter (where counts_as_active) as active_activities,
        count(*) filter (where activity_type = 'lead_accepted') as leads_accepted,
        count(*) filter (where activity_type = 'deal_won') as deals_won,
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
    {%- for figure in ['active_activities', 'leads_accepted', 'deals_won', 'requests_due', 'survey_points', 'sourced_revenue_cents'] %}
    or from_weeks.{{ figure }} != coalesce(from_activities.{{ figure }}, 0)
    {%- endfor %}
union all
select partner_id from from_activities
where partner_id not in (select partner_id from from_weeks)
