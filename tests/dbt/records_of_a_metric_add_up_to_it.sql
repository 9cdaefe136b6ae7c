-- Who drills from a metric to its records finds as many as the metric counted. One row per partner and metric where
-- the records that are kept do not add up to the figure.
with records as (
    select
        partner_id,
        count_if(activity_type = 'lead_accepted' and weeks_back < 13) as accepted_leads,
        count_if(activity_type = 'commitment_due' and weeks_back < 13) as commitments_due,
        count(distinct case when activity_type = 'portal_action' and weeks_back < 4 then counted_on end) as portal_active_days,
        coalesce(
            sum(amount) filter (where activity_type = 'booking' and quantity = 1 and weeks_back < 26), 0
        ) as sourced_revenue
    from {{ ref('partner_records') }}
    group by partner_id
),

metrics as (
    select partner_metrics.*
    from {{ ref('partner_metrics') }} as partner_metrics
    inner join {{ ref('partners') }} as partners
        on partner_metrics.partner_id = partners.partner_id and partner_metrics.week_start = partners.last_week
),

compared as (
    select
        metrics.partner_id,
        metrics.accepted_leads,
        coalesce(records.accepted_leads, 0) as accepted_leads_found,
        metrics.commitment_kept_rate_n as commitments_due,
        coalesce(records.commitments_due, 0) as commitments_due_found,
        metrics.portal_active_days,
        coalesce(records.portal_active_days, 0) as portal_active_days_found,
        metrics.sourced_revenue,
        coalesce(records.sourced_revenue, 0) as sourced_revenue_found
    from metrics
    left join records on metrics.partner_id = records.partner_id
)

select partner_id, 'accepted_leads' as metric from compared where accepted_leads != accepted_leads_found
union all
select partner_id, 'commitment_kept_rate' as metric from compared where commitments_due != commitments_due_found
union all
select partner_id, 'portal_active_days' as metric from compared where portal_active_days != portal_active_days_found
union all
select partner_id, 'sourced_revenue' as metric from compared where abs(sourced_revenue - sourced_revenue_found) > 0.005
