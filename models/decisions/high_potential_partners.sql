-- One row per open period and partner with a low score and high potential in the week before the period: a band is
-- low, and the layer of the revenue score that a partner cannot hurry (market and people) says that it could be high.
with periods as (
    select distinct period, starts_on, week_before from {{ ref('incentive_periods') }}
),

outcome_scores as (
    select * from {{ ref('outcome_scores') }}
)

select
    periods.period,
    outcome_scores.partner_id,
    outcome_scores.revenue_band,
    outcome_scores.engagement_band,
    outcome_scores.revenue_strategy_score,
    periods.starts_on
from periods
inner join outcome_scores on periods.week_before = outcome_scores.week_start
where
    outcome_scores.status = 'published'
    and outcome_scores.revenue_strategy_score >= {{ decision_parameter('potential_least_fit') }}
    and (outcome_scores.revenue_band = 'low' or outcome_scores.engagement_band = 'low')
