-- A change that names nothing would change nothing, and nobody would see it. One row per change that names no
-- metric, layer or segment, names more than its kind has, says nothing, or is stated twice; and per scenario
-- without a change.
with changes as (
    select * from {{ ref('scenario_changes') }}
),

names as (
    {%- for kind in ['metric value', 'metric weight', 'anchor'] %}
    select '{{ kind }}' as changes, metric as name from {{ ref('metric_definitions') }}
    union all
    {%- endfor %}
    {%- for layer in layers() %}
    select 'layer weight' as changes, '{{ layer }}' as name
    union all
    {%- endfor %}
    select 'judged as' as changes, segment as name from {{ ref('segments') }}
    union all
    select 'own share' as changes, '' as name
),

counted as (
    select
        *,
        count(*) over (
            partition by scenario, changes, coalesce(segment, ''), coalesce(outcome, ''), coalesce(name, ''), coalesce(part, '')
        ) as times_stated
    from changes
)

select counted.scenario, counted.changes, counted.name
from counted
left join names on counted.changes = names.changes and coalesce(counted.name, '') = names.name
left join {{ ref('segments') }} as segments on counted.segment = segments.segment
where
    names.name is null
    or (counted.segment is not null and segments.segment is null)
    or coalesce(counted.outcome, 'revenue') not in ({% for outcome in outcomes() %}'{{ outcome }}'{{ ', ' if not loop.last }}{% endfor %})
    or (counted.outcome is not null and counted.changes not in ('metric weight', 'layer weight'))
    or coalesce(counted.part, 'floor') not in ('floor', 'target', 'stretch')
    or (counted.part is not null and counted.changes != 'anchor')
    or (counted.factor is null and counted.addition is null and counted.changes != 'judged as')
    or counted.times_stated > 1
union all
select scenarios.scenario, 'nothing' as changes, null as name
from {{ ref('scenarios') }} as scenarios
left join changes on scenarios.scenario = changes.scenario
where changes.scenario is null
