-- One row per partner: its scores, bands and reasons in its last scored week.
{{ config(materialized='table') }}

with partners as (
    select * from {{ ref('partners') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

outcome_scores as (
    select * from {{ ref('outcome_scores') }}
),

segments as (
    select * from {{ ref('segments') }}
),

waiting_bands as (
    select * from {{ ref('waiting_bands') }}
),

predictions as (
    select * from {{ ref('current_predictions') }}
),

steps_in_words as (
    select
        steps.partner_id,
        steps.outcome,
        replace(steps.metric, '_', ' ')
        || coalesce(' from ' || {{ value_in_words('steps.metric_value', 'definitions.unit') }}, '')
        || ' to ' || {{ needed_in_words('steps.value_needed', 'definitions.unit', 'definitions.better') }}
        || ' reaches ' || steps.next_band as step,
        false as is_waiting
    from {{ ref('next_band_steps') }} as steps
    inner join {{ ref('metric_definitions') }} as definitions on steps.metric = definitions.metric
    left join waiting_bands on steps.partner_id = waiting_bands.partner_id and steps.outcome = waiting_bands.outcome
    where steps.place = 1 and waiting_bands.partner_id is null
    union all
    select
        partner_id,
        outcome,
        'what it does now reaches the next band, if it stays' as step,
        true as is_waiting
    from waiting_bands
),

next_steps as (
    select
        partner_id,
        max(step) filter (where outcome = 'revenue') as revenue_next_step,
        max(step) filter (where outcome = 'engagement') as engagement_next_step,
        bool_or(is_waiting) filter (where outcome = 'revenue') as revenue_band_waits,
        bool_or(is_waiting) filter (where outcome = 'engagement') as engagement_band_waits
    from steps_in_words
    group by partner_id
),

reasons as (
    select
        partner_id,
        {{ texts_in_one('reason', 'place asc nulls last', '; ', "kind = 'strength'") }} as strengths,
        {{ texts_in_one('reason', 'place asc nulls last', '; ', "kind = 'gap'") }} as gaps
    from {{ ref('score_reasons') }}
    group by partner_id
)

select
    partners.partner_id,
    partners.partner_name,
    partner_segments.segment,
    partners.tier,
    partners.region,
    partners.country,
    partners.industry,
    coalesce(outcome_scores.status, 'unscored') as status,
    case
        when partners.is_future then 'the contract begins after the scored week'
        when partners.last_week < partners.contract_week then 'the contract ended before it began'
        else outcome_scores.status_reason
    end as status_reason,
    outcome_scores.revenue_band,
    outcome_scores.engagement_band,
    outcome_scores.revenue_band || ' revenue, ' || outcome_scores.engagement_band || ' engagement' as cell,
    reasons.strengths,
    reasons.gaps,
    case
        when outcome_scores.status in ('provisional', 'published') and outcome_scores.revenue_band != 'high'
            then coalesce(next_steps.revenue_next_step, 'no metric alone reaches the next band')
    end as revenue_next_step,
    case
        when outcome_scores.status in ('provisional', 'published') and outcome_scores.engagement_band != 'high'
            then coalesce(next_steps.engagement_next_step, 'no metric alone reaches the next band')
    end as engagement_next_step,
    coalesce(next_steps.revenue_band_waits, false) as revenue_band_waits,
    coalesce(next_steps.engagement_band_waits, false) as engagement_band_waits,
    outcome_scores.framework_version,
    outcome_scores.tenure_week,
    outcome_scores.revenue_score,
    outcome_scores.engagement_score,
    segments.revenue_share * outcome_scores.revenue_score
    + (1 - segments.revenue_share) * outcome_scores.engagement_score as composite_score,
    predictions.engagement_likelihood,
    predictions.productive_likelihood,
    predictions.expected_revenue,
    predictions.expected_revenue_low,
    predictions.expected_revenue_high,
    outcome_scores.revenue_overlay,
    outcome_scores.engagement_overlay,
    outcome_scores.revenue_held_back,
    outcome_scores.engagement_held_back,
    outcome_scores.revenue_coverage,
    outcome_scores.engagement_coverage,
    outcome_scores.coverage,
    outcome_scores.confidence,
    coalesce(outcome_scores.week_start, partners.last_week) as week_start,
    partners.contract_signed_at,
    partners.terminated_at
from partners
inner join partner_segments on partners.partner_id = partner_segments.partner_id
inner join segments on partner_segments.segment = segments.segment
left join outcome_scores
    on partners.partner_id = outcome_scores.partner_id and partners.last_week = outcome_scores.week_start
left join predictions on partners.partner_id = predictions.partner_id
left join next_steps on partners.partner_id = next_steps.partner_id
left join reasons on partners.partner_id = reasons.partner_id
