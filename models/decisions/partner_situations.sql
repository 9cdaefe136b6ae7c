-- One row per partner: what the rules of actions, flags and incentives look at in its last scored week.
with partners as (
    select * from {{ ref('partners') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

outcome_scores as (
    select * from {{ ref('outcome_scores') }}
),

trends as (
    select
        partner_id,
        max(verdict) filter (where outcome = 'engagement') as engagement_trend,
        max(verdict) filter (where outcome = 'revenue') as revenue_trend
    from {{ ref('score_trends') }}
    group by partner_id
)

select
    partners.partner_id,
    partner_segments.segment,
    -- A contract that ended before it began was never scored; it is over all the same.
    case
        when partners.is_terminated then 'terminated'
        else coalesce(outcome_scores.status, 'unscored')
    end as status,
    outcome_scores.status_reason,
    outcome_scores.revenue_band,
    outcome_scores.engagement_band,
    {{ cell_of('outcome_scores.revenue_band', 'outcome_scores.engagement_band') }} as cell,
    trends.revenue_trend,
    trends.engagement_trend,
    -- A contract that is signed and begins later is in its first weeks.
    coalesce(outcome_scores.tenure_week, 0) as tenure_week,
    outcome_scores.revenue_score,
    outcome_scores.engagement_score,
    outcome_scores.revenue_strategy_score,
    outcome_scores.coverage,
    outcome_scores.week_start
from partners
inner join partner_segments on partners.partner_id = partner_segments.partner_id
left join outcome_scores
    on partners.partner_id = outcome_scores.partner_id and partners.last_week = outcome_scores.week_start
left join trends on partners.partner_id = trends.partner_id
