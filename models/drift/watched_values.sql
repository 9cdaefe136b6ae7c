-- One row per week that stability looks at, measure and scored partner that has a value.
with weeks as (
    select week_start from {{ ref('stability_weeks') }}
    union
    select reference_week as week_start from {{ ref('stability_weeks') }}
),

scores as (
    select * from {{ ref('outcome_scores') }}
    where {{ has_comparable_score('outcome_scores') }} and week_start in (select week_start from weeks)
),

-- Partners without a score yet would look like a change of those that have one.
metric_values as (
    select partner_metrics.*
    from {{ ref('partner_metrics') }} as partner_metrics
    inner join scores on partner_metrics.partner_id = scores.partner_id and partner_metrics.week_start = scores.week_start
),

watched as (
    {%- for metric in metrics() %}
    select
        week_start,
        '{{ metric.name }}' as measure,
        partner_id,
        round(cast({{ metric.name }} as double), 6) as measured
    from metric_values
    where {{ metric.name }} is not null
    union all
    {%- endfor %}
    {%- for outcome in outcomes() %}
    select
        week_start,
        '{{ outcome }}_score' as measure,
        partner_id,
        round({{ outcome }}_raw_score, 6) as measured
    from scores
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select * from watched
where measured is not null
