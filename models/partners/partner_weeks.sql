-- One row per partner and week of its tenure: what happened in the week, in figures that add up.
-- Weeks without activity are there too: silence counts.
{{ config(**by_arrival(
    ['partner_id', 'week_start'],
    clean_up=delete_weeks_outside_tenure(),
)) }}

with calendar as (
    select * from {{ ref('partner_calendar') }}
),

activity_records as (
    select * from {{ ref('activity_records') }}
),

activity_types as (
    select * from {{ ref('activity_types') }}
),

partners as (
    select * from {{ ref('partners') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

-- What lasts and began before the contract is there when tenure begins: it counts in its first week.
records as (
    select
        activity_records.*,
        coalesce(activity_records.counted_on >= partners.contract_week, true) as is_in_tenure,
        activity_records.superseded_at is null and activity_records.held_reason is null as is_current,
        case
            when
                activity_records.counted_on < partners.contract_week
                and activity_records.activity_type in (select activity_type from activity_types where is_stock)
                then partners.contract_week
            else {{ week_start('activity_records.counted_on') }}
        end as week_start
    from activity_records
    left join partners on activity_records.partner_id = partners.partner_id
    where activity_records.counted_on <= (select as_of_on from horizon)
),

{% if is_incremental() %}
-- By arrival: the weeks of its partner that a newly arrived record, or an earlier version of it, falls into, and the weeks
-- that are new or, since the date of a contract was corrected, other weeks of tenure.
present as (
    select partner_id, min(week_start) as first_week, max(week_start) as last_week
    from {{ this }}
    group by partner_id
),

changed_weeks as (
    select partner_id, week_start
    from records
    where changed_at > (select max(changed_at) from {{ this }})
    union
    select calendar.partner_id, calendar.week_start
    from calendar
    left join present on calendar.partner_id = present.partner_id
    where
        present.partner_id is null
        or calendar.tenure_week != {{ weeks_between('present.first_week', 'calendar.week_start') }}
        or calendar.week_start > present.last_week
),
{% endif %}

weeks as (
    select calendar.*
    from calendar
    {% if is_incremental() -%}
    inner join changed_weeks
        on calendar.partner_id = changed_weeks.partner_id and calendar.week_start = changed_weeks.week_start
    {%- endif %}
),

described as (
    select
        records.partner_id,
        records.week_start,
        records.counted_on,
        records.changed_at,
        records.is_in_tenure,
        records.quantity,
        records.amount,
        -- A version that is superseded or held touches its week and counts as nothing in it.
        case when records.is_current then records.activity_type end as activity_type,
        records.is_current and activity_types.is_meaningful and records.quantity > 0 as is_meaningful,
        records.is_current and activity_types.counts_as_active and records.is_in_tenure as counts_as_active,
        activity_types.due_within_hours,
        case when records.is_in_tenure then {{ day_bit('records.counted_on', 'records.week_start') }} end as day_bit
    from records
    inner join activity_types on records.activity_type = activity_types.activity_type
    {% if is_incremental() -%}
    inner join changed_weeks
        on records.partner_id = changed_weeks.partner_id and records.week_start = changed_weeks.week_start
    {%- endif %}
),

weekly_activities as (
    select
        partner_id,
        week_start,
        {{ count_of(['meeting', 'call', 'joint_planning', 'co_sell', 'qbr']) }} as conversations,
        {{ count_of(['joint_planning', 'co_sell', 'qbr'], 'is_meaningful') }} as joint_activities,
        {{ days_with('is_meaningful') }} as meaningful_days,
        {{ count_of('request_received') }} as requests_due,
        {{ count_of('request_answered', 'quantity <= due_within_hours') }} as requests_answered_in_time,
        {{ count_of('commitment_due') }} as commitments_due,
        {{ count_of('commitment_kept') }} as commitments_kept,
        {{ days_with("activity_type = 'portal_action'") }} as portal_days,
        {{ count_of('campaign_touch') }} as campaign_touches,
        {{ cents_of('fund_allocated') }} as funds_allocated_cents,
        {{ cents_of('fund_claimed') }} as funds_claimed_cents,
        {{ count_of('training_assigned') }} as trainings_assigned,
        {{ count_of('training_passed') }} as trainings_passed,
        {{ quantity_of(['certification_awarded', 'certification_lapsed']) }} as certified_people_change,
        {{ quantity_of('milestone_reached') }} as required_milestones_reached,
        {{ count_of('lead_submitted') }} as leads_submitted,
        {{ count_of('lead_accepted') }} as leads_accepted,
        {{ count_of('lead_rejected') }} as leads_rejected,
        {{ count_of('deal_registered') }} as deals_registered,
        {{ count_of('deal_approved') }} as deals_approved,
        {{ count_of('deal_rejected') }} as deals_rejected,
        {{ count_of('deal_qualified', 'is_in_tenure') }} as deals_qualified,
        {{ count_of('deal_won', 'is_in_tenure') }} as deals_won,
        {{ count_of('deal_lost', 'is_in_tenure') }} as deals_lost,
        {{ count_of('deal_qualified') }} - {{ count_of('deal_won') }} - {{ quantity_of('deal_lost') }} as open_deals_change,
        {{ quantity_of('deal_won', 'is_in_tenure') }} as won_cycle_days,
        {{ cents_of('deal_won', 'is_in_tenure') }} as won_cents,
        {{ cents_of('booking', 'quantity = 1') }} as sourced_revenue_cents,
        {{ cents_of('booking', 'quantity = 0') }} as influenced_revenue_cents,
        {{ count_of('survey_answered') }} as survey_answers,
        {{ quantity_of('survey_answered') }} as survey_points,
        cast(count(*) filter (where counts_as_active) as integer) as active_activities,
        max(counted_on) filter (where counts_as_active) as last_active_on,
        max(counted_on) filter (where activity_type = 'milestone_reached' and quantity = 1) as last_required_milestone_on,
        min(counted_on) filter (where activity_type = 'deal_approved') as first_deal_approved_on,
        max(changed_at) as changed_at
    from described
    group by partner_id, week_start
)

select
    weeks.partner_id,
    weeks.week_start,
    weeks.tenure_week,
    {%- for measure in weekly_measures() %}
    coalesce(weekly_activities.{{ measure }}, 0) as {{ measure }},
    {%- endfor %}
    weekly_activities.last_active_on,
    weekly_activities.last_required_milestone_on,
    weekly_activities.first_deal_approved_on,
    -- A quiet week was touched by nothing: the same day whenever it is computed, and none to come.
    coalesce(weekly_activities.changed_at, least(cast(weeks.week_start as timestamp), (select known_at from horizon))) as changed_at
from weeks
left join weekly_activities
    on weeks.partner_id = weekly_activities.partner_id and weeks.week_start = weekly_activities.week_start
