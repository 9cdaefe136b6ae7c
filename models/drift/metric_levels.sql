-- One row per metric and week: the median of the scored partners, and how sure it is.
with scores as (
    select * from {{ ref('outcome_scores') }} where {{ has_comparable_score('outcome_scores') }}
),

metric_values as (
    select partner_metrics.*
    from {{ ref('partner_metrics') }} as partner_metrics
    inner join scores on partner_metrics.partner_id = scores.partner_id and partner_metrics.week_start = scores.week_start
),

levels as (
    {%- for metric in metrics() %}
    select
        '{{ metric.name }}' as measure,
        week_start,
        cast(count({{ metric.name }}) as integer) as partners,
        cast(median({{ metric.name }}) as double) as level,
        -- Of the median of a normal sample: 1.2533 x deviation / sqrt(n).
        round(1.2533 * sqrt(var_samp({{ metric.name }}) / nullif(count({{ metric.name }}), 0)), 9) as level_error
    from metric_values
    group by week_start
    union all
    {%- endfor %}
    select
        cast(null as {{ dbt.type_string() }}) as measure,
        week_start,
        0 as partners,
        cast(null as double) as level,
        cast(null as double) as level_error
    from metric_values
    where false
)

select * from levels
