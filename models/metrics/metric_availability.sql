-- One row per metric: whether the programme has a source for it at all (if not, it does not apply and
-- its weight is shared among the others), and the last week for which all its sources were fresh.
with source_status as (
    select * from {{ ref('source_status') }}
),

sources_with_records as (
    select
        source || '.' || entity as source_entity,
        fresh_until
    from source_status
    where has_records
),

active_types as (
    select activity_type from {{ ref('activity_types') }} where counts_as_active
),

-- A metric without a source of its own asks whether a partner is active, by whatever activity.
activity_of_partners as (
    select count(*) > 0 as is_reported
    from {{ ref('activity_records') }}
    where activity_type in (select activity_type from active_types)
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
    bool_and(
        sources_with_records.source_entity is not null
        or (metric_sources.source_entity is null and activity_of_partners.is_reported)
    ) as is_applicable,
    min(sources_with_records.fresh_until) as fresh_until
from metric_sources
cross join activity_of_partners
left join sources_with_records on metric_sources.source_entity = sources_with_records.source_entity
where metric_sources.metric is not null
group by metric_sources.metric
