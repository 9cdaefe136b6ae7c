-- One row per dimension (and single partners) and predictor: how far off forecasts of past quarters were in all,
-- beside predictors that need no score, and how often what came lay in the interval.
{%- set predictors = {
    'forecast': 'forecast_revenue',
    'open pipeline': 'pipeline_implied',
    'mean of both': '(forecast_revenue + pipeline_implied) / 2',
    'last quarter': 'last_quarter_revenue',
    'a year before': 'year_before_revenue',
} %}
with partners as (
    select * from {{ ref('forecast_outcomes') }}
),

judged as (
    select
        dimension,
        quarter_start,
        revenue,
        forecast_revenue,
        pipeline_implied,
        last_quarter_revenue,
        year_before_revenue,
        is_within_80,
        is_within_95
    from {{ ref('judged_forecasts') }}
    union all
    select
        'partner' as dimension,
        quarter_start,
        revenue,
        forecast_revenue,
        pipeline_implied,
        last_quarter_revenue,
        year_before_revenue,
        revenue between low_80 and high_80 as is_within_80,
        revenue between low_95 and high_95 as is_within_95
    from partners
),

compared as (
    {%- for predictor, expression in predictors.items() %}
    select
        dimension,
        '{{ predictor }}' as predictor,
        quarter_start,
        revenue,
        {{ expression }} as predicted,
        {{ 'is_within_80' if predictor == 'forecast' else 'cast(null as boolean)' }} as is_within_80,
        {{ 'is_within_95' if predictor == 'forecast' else 'cast(null as boolean)' }} as is_within_95
    from judged
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    dimension,
    predictor,
    cast(count(distinct quarter_start) as integer) as quarters,
    cast(count(*) as integer) as forecasts,
    round(sum(revenue), 2) as revenue,
    round(sum(predicted), 2) as predicted,
    round(sum(predicted) / nullif(sum(revenue), 0) - 1, 9) as bias,
    round(sum(abs(predicted - revenue)) / nullif(sum(revenue), 0), 9) as absolute_error,
    cast(count(is_within_80) as integer) as intervals,
    round(avg(cast(case when is_within_80 then 1 when not is_within_80 then 0 end as double)), 9) as coverage_80,
    round(avg(cast(case when is_within_95 then 1 when not is_within_95 then 0 end as double)), 9) as coverage_95
from compared
where predicted is not null
group by dimension, predictor
