-- One row per partner and framework: points for what a partner does not control, at most so many either way.
with partners as (
    select * from {{ ref('partners') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

frameworks as (
    select * from {{ ref('frameworks') }}
),

adjustments as (
    {{ in_version(ref('context_adjustments'), ['outcome', 'attribute', 'value']) }}
),

rules as (
    select * from {{ ref('stability_parameters') }}
),

contexts as (
    select partner_id, 'segment' as attribute, segment as value from partner_segments
    {%- for attribute in ['region', 'country', 'industry'] %}
    union all
    select partner_id, '{{ attribute }}' as attribute, {{ attribute }} as value from partners
    {%- endfor %}
),

asked as (
    select
        contexts.partner_id,
        frameworks.framework,
        frameworks.framework_version
        {%- for outcome in outcomes() %},
        coalesce(sum(adjustments.points) filter (where adjustments.outcome = '{{ outcome }}'), 0) as {{ outcome }}_points
        {%- endfor %}
    from contexts
    inner join adjustments
        on contexts.attribute = adjustments.attribute and contexts.value = adjustments.value
    inner join frameworks
        on
            adjustments.for_version = frameworks.framework_version
            -- Where a segment has weights of its own they say what is different about it.
            and (contexts.attribute != 'segment' or frameworks.method = 'baseline_with_adjustments')
    group by contexts.partner_id, frameworks.framework, frameworks.framework_version
)

select
    asked.partner_id,
    asked.framework
    {%- for outcome in outcomes() %},
    least(greatest(cast(asked.{{ outcome }}_points as double), -rules.most_overlay), rules.most_overlay) as {{ outcome }}_points
    {%- endfor %}
from asked
inner join rules on asked.framework_version = rules.framework_version
