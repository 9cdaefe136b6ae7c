-- One row per partner, official framework and explained week (the last one, the one before it, a quarter
-- before): metrics as scored and their scores, side by side. The few weeks are chosen first: the
-- engine is not run over all of history to look at three weeks of it.
{{ config(**by_changed_partner(week=none)) }}
{%- set carried = ['weeks_back'] %}
{%- for metric in metrics() %}
{%- do carried.extend([metric.name, metric.name ~ '__evidence']) %}
{%- endfor %}
with partners as (
    {{ changed_rows(ref('partners'), week=none) }}
),

weeks as (
    {{ weeks_before_the_last('partners', weeks_explained()) }}
),

chosen as (
    select
        weeks.weeks_back,
        scored_metrics.*
        {%- for metric in metrics() %},
        {{ 'scored_metrics.' ~ metric.evidence if metric.evidence else 'cast(null as double)' }} as {{ metric.name }}__evidence
        {%- endfor %}
    from {{ ref('scored_metrics') }} as scored_metrics
    inner join weeks
        on scored_metrics.partner_id = weeks.partner_id and scored_metrics.week_start = weeks.week_start
),

framework_rows as (
    {{ under_frameworks('chosen') }}
),

scored as (
    {{ metric_scores_of('framework_rows', framework_columns() + carried) }}
)

select * from scored where is_official
