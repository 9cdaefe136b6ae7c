-- One row per partner and week of its tenure: its scores, and what happened in figures that add up.
with outcome_scores as (
    select * from {{ ref('outcome_scores') }}
),

partner_weeks as (
    select * from {{ ref('partner_weeks') }}
),

partners as (
    select * from {{ ref('partners') }}
)

select
    outcome_scores.partner_id,
    outcome_scores.week_start,
    outcome_scores.framework_version,
    outcome_scores.segment as scored_segment,
    outcome_scores.status as score_status,
    outcome_scores.revenue_band,
    outcome_scores.engagement_band,
    outcome_scores.revenue_band || ' revenue, ' || outcome_scores.engagement_band || ' engagement' as score_cell,
    outcome_scores.tenure_week,
    {%- for outcome in outcomes() %}
    outcome_scores.{{ outcome }}_score,
    outcome_scores.{{ outcome }}_raw_score,
    {%- endfor %}
    outcome_scores.coverage as score_coverage,
    outcome_scores.confidence as score_confidence,
    cast(partner_weeks.sourced_revenue_cents as double) / 100 as sourced_revenue,
    cast(partner_weeks.influenced_revenue_cents as double) / 100 as influenced_revenue,
    cast(partner_weeks.won_cents as double) / 100 as won_amount,
    cast(partner_weeks.funds_allocated_cents as double) / 100 as funds_allocated,
    cast(partner_weeks.funds_claimed_cents as double) / 100 as funds_claimed,
    partner_weeks.conversations,
    partner_weeks.joint_activities,
    partner_weeks.meaningful_days,
    partner_weeks.requests_due,
    partner_weeks.requests_answered_in_time,
    partner_weeks.commitments_due,
    partner_weeks.commitments_kept,
    partner_weeks.portal_days,
    partner_weeks.campaign_touches,
    partner_weeks.trainings_assigned,
    partner_weeks.trainings_passed,
    partner_weeks.certified_people_change,
    partner_weeks.required_milestones_reached,
    partner_weeks.leads_submitted,
    partner_weeks.leads_accepted,
    partner_weeks.deals_registered,
    partner_weeks.deals_approved,
    partner_weeks.deals_qualified,
    partner_weeks.deals_won,
    partner_weeks.deals_lost,
    partner_weeks.open_deals_change,
    partner_weeks.active_activities,
    outcome_scores.status in ('provisional', 'published') as is_scored,
    outcome_scores.status = 'published' as is_published,
    outcome_scores.week_start = partners.last_week as is_newest
from outcome_scores
inner join partner_weeks
    on outcome_scores.partner_id = partner_weeks.partner_id and outcome_scores.week_start = partner_weeks.week_start
inner join partners on outcome_scores.partner_id = partners.partner_id
