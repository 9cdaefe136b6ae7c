-- One row per partner and week that predictions are fitted or judged on, or made for: the first week of
-- each month and the last scored one. What was known at its end, and nothing of what came later.
-- `score` and the naive predictors beside it are whole numbers, so that millions of rows become counts.
with outcome_scores as (
    select * from {{ ref('outcome_scores') }}
    where {{ has_comparable_score('outcome_scores') }} and {{ is_predicted_from('week_start') }}
),

partner_metrics as (
    select
        partner_id,
        week_start,
        days_since_active,
        sourced_revenue
    from {{ ref('partner_metrics') }}
),

tiers as (
    select * from {{ ref('tiers') }}
),

segment_history as (
    select * from {{ ref('partner_segment_history') }}
),

-- What a score means changes with tenure: a week counts at the two knots it lies between.
knots as (
    select
        tenure_week as knot,
        lag(tenure_week) over (order by tenure_week asc nulls last) as knot_before,
        lead(tenure_week) over (order by tenure_week asc nulls last) as next_knot
    from {{ ref('prediction_tenures') }}
),

spans as (
    select
        knot as lower_knot,
        coalesce(next_knot, knot) as upper_knot,
        case when knot_before is null then -1 else knot end as from_week,
        next_knot as until_week
    from knots
),

-- The weeks are chosen first: the engine is not run over all of history to look at a quarter of it.
metrics_of_weeks as (
    select * from {{ ref('scored_metrics') }} where {{ is_predicted_from('week_start') }}
),

framework_rows as (
    {{ under_frameworks('metrics_of_weeks') }}
),

metric_scores as (
    {{ metric_scores_of('framework_rows', framework_columns()) }}
),

-- The mean of all metric scores: what weights are worth.
equal_weights as (
    select
        partner_id,
        week_start
        {%- for outcome in outcomes() %}
        {%- set weighed = metrics_of(outcome, opened=false) %},
        (0.0 {%- for metric in weighed %} + coalesce({{ metric.name }}__score, 0) {%- endfor %}) / {{ [weighed | length, 1] | max }} as {{ outcome }}_mean
        {%- endfor %}
    from metric_scores
    where is_official and is_leading
)

select
    outcome_scores.partner_id,
    outcome_scores.week_start,
    segment_history.segment,
    segment_history.tier,
    outcome_scores.engagement_band,
    outcome_scores.revenue_band,
    outcome_scores.tenure_week,
    spans.lower_knot,
    spans.upper_knot,
    {%- for outcome in outcomes() %}
    cast(round(outcome_scores.{{ outcome }}_raw_score) as integer) as {{ outcome }}_point,
    cast(round(equal_weights.{{ outcome }}_mean / 2) as integer) as {{ outcome }}_equal_weights,
    {%- endfor %}
    -- Weeks without activity, up to a year.
    cast(least(floor(coalesce(partner_metrics.days_since_active, 364) / 7), 52) as integer) as weeks_idle,
    -- Revenue of the last 26 weeks, in steps of a quarter up.
    cast(round(4 * ln(1 + coalesce(partner_metrics.sourced_revenue, 0))) as integer) as last_revenue,
    cast(100 * coalesce(tiers.rank, 0) + least(floor(outcome_scores.tenure_week / 13), 12) as integer) as tier_and_tenure,
    cast(coalesce(partner_metrics.sourced_revenue, 0) as double) as revenue_before,
    coalesce(
        greatest(outcome_scores.tenure_week - spans.lower_knot, 0) / nullif(cast(spans.upper_knot - spans.lower_knot as double), 0), 0
    ) as upper_share
from outcome_scores
inner join segment_history
    on
        outcome_scores.partner_id = segment_history.partner_id
        and outcome_scores.week_start >= segment_history.first_week
        and outcome_scores.week_start < segment_history.until_week
inner join partner_metrics
    on outcome_scores.partner_id = partner_metrics.partner_id and outcome_scores.week_start = partner_metrics.week_start
inner join spans
    on
        outcome_scores.tenure_week >= spans.from_week
        and (outcome_scores.tenure_week < spans.until_week or spans.until_week is null)
left join equal_weights
    on outcome_scores.partner_id = equal_weights.partner_id and outcome_scores.week_start = equal_weights.week_start
left join tiers on segment_history.tier = tiers.tier
