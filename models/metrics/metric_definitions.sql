-- One row per metric: the registry of _metrics.yml, for those who read tables and not YAML.
with definitions as (
    {%- for metric in metrics() %}
    select
        '{{ metric.name }}' as metric,
        {{ literal(metric.description) }} as definition,
        {{ literal(metric.unit) }} as unit,
        {{ literal(metric.scale) }} as scale,
        {{ literal(metric.better) }} as better,
        {{ literal(metric.layer) }} as layer,
        {{ literal(metric.group) }} as metric_group,
        {{ literal(metric.outcomes | join(', ')) }} as outcomes,
        {{ literal(metric.open_to | join(', ')) }} as open_to,
        {{ literal(metric.owner) }} as owner,
        cast({{ literal(metric.review_due) }} as date) as review_due,
        {{ literal(metric.rationale) }} as rationale,
        {{ literal(metric.gaming_risk) }} as gaming_risk,
        {{ literal(metric.gaming_counter) }} as gaming_counter,
        {{ literal(metric.sources | join(', ') or 'any activity') }} as sources,
        {{ literal(metric.evidence) }} as evidence,
        cast({{ metric.minimum_observation }} as integer) as minimum_observation,
        cast({{ metric.window_weeks or 'null' }} as integer) as window_weeks,
        cast({{ metric.settled_week if metric.settled_week is not none else 'null' }} as integer) as settled_week,
        cast({{ metric.valid_range[0] if metric.valid_range[0] is not none else 'null' }} as double) as least_valid,
        cast({{ metric.valid_range[1] if metric.valid_range[1] is not none else 'null' }} as double) as most_valid
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select null as metric
    {%- endfor %}
)

select * from definitions
