-- The registry states the values that make sense. One row per partner, week and metric outside of them.
with partner_metrics as (
    select * from {{ ref('partner_metrics') }}
),

metric_values as (
    {%- for metric in metrics() %}
    select
        partner_id,
        week_start,
        '{{ metric.name }}' as metric,
        {{ metric.name }} as metric_value
    from partner_metrics
    where
        false
        {% if metric.valid_range[0] is not none %}or {{ metric.name }} < {{ metric.valid_range[0] }}{% endif %}
        {% if metric.valid_range[1] is not none %}or {{ metric.name }} > {{ metric.valid_range[1] }}{% endif %}
        {% if metric.evidence %}or {{ metric.evidence }} < 0{% endif %}
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select * from partner_metrics
    {%- endfor %}
)

select * from metric_values
