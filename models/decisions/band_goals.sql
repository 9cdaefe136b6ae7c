-- One row per partner and score that has a band to reach: the smallest step of one metric that reaches it.
with situations as (
    {%- for outcome in outcomes() %}
    select
        partner_id,
        '{{ outcome }}' as score,
        {{ outcome }}_band as band,
        {{ outcome }}_score as score_now
    from {{ ref('partner_situations') }}
    where status in ('provisional', 'published') and {{ outcome }}_band != 'high'
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

steps as (
    select * from {{ ref('next_band_steps') }} where place = 1
),

waiting_bands as (
    select * from {{ ref('waiting_bands') }}
),

definitions as (
    select * from {{ ref('metric_definitions') }}
)

select
    situations.partner_id,
    situations.score,
    situations.band,
    case when situations.band = 'low' then 'medium' else 'high' end as next_band,
    steps.metric,
    case
        when waiting_bands.partner_id is not null then 'what it does now is enough, if it stays'
        when steps.metric is null then 'no metric alone is enough'
        else
            replace(steps.metric, '_', ' ')
            || coalesce(' from ' || {{ value_in_words('steps.metric_value', 'definitions.unit') }}, '')
            || ' to ' || {{ needed_in_words('steps.value_needed', 'definitions.unit', 'definitions.better') }} || ' is enough'
    end as step,
    situations.score_now,
    steps.points_needed,
    steps.metric_value,
    steps.value_needed
from situations
left join waiting_bands
    on situations.partner_id = waiting_bands.partner_id and situations.score = waiting_bands.outcome
left join steps on situations.partner_id = steps.partner_id and situations.score = steps.outcome
left join definitions on steps.metric = definitions.metric
