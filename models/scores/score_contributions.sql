-- One row per partner, outcome and metric of the score week (a partner's last week): what the metric
-- was, what it was worth and how many points it gave. The points add up to the raw score.
with metric_scores as (
    select
        metric_scores.*
    from {{ ref('metric_scores') }} as metric_scores
    inner join {{ ref('partners') }} as partners
        on metric_scores.partner_id = partners.partner_id and metric_scores.week_start = partners.last_week
),

partner_metrics as (
    select * from {{ ref('partner_metrics') }}
),

weights as (
    select * from {{ ref('effective_weights') }}
),

long_scores as (
    {%- for metric in metrics() %}
    select
        metric_scores.partner_id,
        metric_scores.week_start,
        metric_scores.tenure_week,
        metric_scores.segment,
        metric_scores.framework_version,
        metric_scores.framework_share,
        '{{ metric.name }}' as metric,
        {{ metric.name }}__is_observed as is_observed,
        partner_metrics.{{ metric.name }} as metric_value,
        {{ 'partner_metrics.' ~ metric.evidence if metric.evidence else 'cast(null as double)' }} as evidence,
        {{ metric.name }}__score as metric_score
    from metric_scores
    inner join partner_metrics
        on metric_scores.partner_id = partner_metrics.partner_id and metric_scores.week_start = partner_metrics.week_start
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select * from metric_scores, partner_metrics
    {%- endfor %}
)

select
    long_scores.partner_id,
    long_scores.week_start,
    weights.outcome,
    weights.layer,
    long_scores.metric,
    bool_and(long_scores.is_observed) as is_observed,
    max(long_scores.metric_value) as metric_value,
    max(long_scores.evidence) as evidence,
    sum(long_scores.framework_share * weights.weight) as weight,
    case
        when sum(long_scores.framework_share * weights.weight) > 0
            then least(
                sum(long_scores.framework_share * weights.weight * long_scores.metric_score)
                / sum(long_scores.framework_share * weights.weight), 100.0
            )
    end as metric_score,
    sum(long_scores.framework_share * weights.weight * long_scores.metric_score) as contribution
from long_scores
inner join weights
    on
        long_scores.framework_version = weights.framework_version
        and long_scores.segment = weights.segment
        and long_scores.metric = weights.metric
        and least(long_scores.tenure_week, (select max(tenure_week) from weights)) = weights.tenure_week
group by long_scores.partner_id, long_scores.week_start, weights.outcome, weights.layer, long_scores.metric
