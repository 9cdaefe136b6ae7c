-- One row per partner and week: how the partner works with us.
with partner_weeks as (
    select
        *,
        case when campaign_touches > 0 then 1 else 0 end as has_campaign_touch
    from ({{ weeks_looked_back() }}) as looked_back
),

looking_back as (
    select
        partner_id,
        week_start,
        {{ sum_of('meaningful_days', 4) }} as meaningful_days,
        {{ sum_of('requests_answered_in_time', 13) }} as requests_answered_in_time,
        {{ sum_of('requests_due', 13) }} as requests_due,
        {{ sum_of('commitments_kept', 13) }} as commitments_kept,
        {{ sum_of('commitments_due', 13) }} as commitments_due,
        {{ sum_of('portal_days', 4) }} as portal_days,
        {{ sum_of('has_campaign_touch', 13) }} as campaign_weeks,
        {{ sum_of('funds_claimed_cents', 26) }} as funds_claimed_cents,
        {{ sum_of('funds_allocated_cents', 26) }} as funds_allocated_cents
    from partner_weeks
    {{ trailing_windows([4, 13, 26]) }}
)

select
    partner_id,
    week_start,
    least(meaningful_days, {{ parameter('collaboration_days_cap') }}) as collaboration_days,
    requests_answered_in_time / nullif(requests_due, 0) as response_within_sla_rate,
    requests_due as response_within_sla_rate_n,
    commitments_kept / nullif(commitments_due, 0) as commitment_kept_rate,
    commitments_due as commitment_kept_rate_n,
    portal_days as portal_active_days,
    campaign_weeks as campaign_active_weeks,
    -- `least` passes over a null, so it bounds the numerator: nothing allocated is null and not 1.
    least(funds_claimed_cents, funds_allocated_cents) / nullif(funds_allocated_cents, 0) as fund_utilization_rate
from looking_back
