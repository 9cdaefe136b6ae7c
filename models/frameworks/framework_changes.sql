-- One row per scenario's framework, segment, outcome (of weights) and number: how the number of the version
-- in force is changed. A row for one segment or outcome goes before one for all.
with changes as (
    select * from {{ ref('scenario_changes') }}
),

segments as (
    select segment from {{ ref('segments') }}
),

outcomes as (
    {%- for outcome in outcomes() %}
    select '{{ outcome }}' as outcome
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

parts as (
    {%- for part in ['floor', 'target', 'stretch'] %}
    select '{{ part }}' as part
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    {{ scenario_framework('changes.scenario') }} as framework,
    changes.changes,
    segments.segment,
    coalesce(outcomes.outcome, '') as outcome,
    coalesce(changes.name, '') as name,
    coalesce(parts.part, '') as part,
    coalesce(changes.factor, 1.0) as factor,
    coalesce(changes.addition, 0.0) as addition
from changes
inner join segments on coalesce(changes.segment, segments.segment) = segments.segment
left join outcomes
    on
        changes.changes in ('metric weight', 'layer weight')
        and coalesce(changes.outcome, outcomes.outcome) = outcomes.outcome
left join parts
    on changes.changes = 'anchor' and coalesce(changes.part, parts.part) = parts.part
qualify row_number() over (
    partition by changes.scenario, changes.changes, segments.segment, outcomes.outcome, parts.part,
    case when changes.changes != 'judged as' then changes.name end
    order by
        case when changes.segment is not null then 0 else 1 end asc nulls last,
        case when changes.outcome is not null then 0 else 1 end asc nulls last,
        case when changes.part is not null then 0 else 1 end asc nulls last
) = 1
