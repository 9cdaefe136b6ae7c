-- One row per metric: whether the programme has a source for it at all. Where it has none the metric
-- does not apply, and its weight is shared among the others.
with sources_with_records as (
    select source || '.' || entity as source_entity from {{ ref('source_status') }} where rows_staged > 0
),

metric_sources as (
    {%- for metric in metrics() %}
    {%- for source_entity in metric.sources or [none] %}
    select '{{ metric.name }}' as metric, {{ literal(source_entity) }} as source_entity
    union all
    {%- endfor %}
    {%- endfor %}
    select null as metric, null as source_entity
)

select
    metric_sources.metric,
    -- A metric without a source of its own reads activities of any source.
    bool_and(metric_sources.source_entity is null or sources_with_records.source_entity is not null) as is_applicable
from metric_sources
left join sources_with_records on metric_sources.source_entity = sources_with_records.source_entity
where metric_sources.metric is not null
group by metric_sources.metric
