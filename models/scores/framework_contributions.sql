-- One row per partner, explained week, official framework, outcome and metric: what the metric was, what it
-- was worth under this framework and how many points it gave.
{{ config(materialized='view') }}

with explained_weeks as (
    select * from {{ ref('explained_weeks') }}
),

weights as (
    select * from {{ ref('effective_weights') }}
),

availability as (
    select * from {{ ref('metric_availability') }}
),

long_scores as (
    {%- for metric in metrics() %}
    select
        partner_id,
        week_start,
        weeks_back,
        weights_week,
        segment,
        framework,
        framework_share,
        is_leading,
        leading_version,
        '{{ metric.name }}' as metric,
        {{ metric.name }} as metric_value,
        {{ metric.name }}__evidence as evidence,
        {{ metric.name }}__credibility as credibility,
        {{ metric.name }}__score as metric_score
    from explained_weeks
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select * from explained_weeks
    {%- endfor %}
)

select
    long_scores.partner_id,
    long_scores.week_start,
    long_scores.weeks_back,
    long_scores.segment,
    long_scores.framework,
    long_scores.is_leading,
    long_scores.leading_version,
    weights.outcome,
    weights.layer,
    long_scores.metric,
    case
        when long_scores.credibility is null then 'not yet observed'
        when long_scores.week_start > availability.fresh_until then 'held'
        else 'observed'
    end as evidence_state,
    long_scores.metric_value,
    long_scores.evidence,
    long_scores.credibility,
    long_scores.metric_score,
    long_scores.framework_share * weights.weight as weight,
    long_scores.framework_share * weights.weight * long_scores.metric_score as contribution
from long_scores
inner join weights
    on
        long_scores.framework = weights.framework
        and long_scores.segment = weights.segment
        and long_scores.metric = weights.metric
        and long_scores.weights_week = weights.tenure_week
inner join availability on long_scores.metric = availability.metric
