-- Each version's baseline, with what it is based on, knows every metric of the registry, and weighs it for the outcomes that the
-- registry names; for others only where the registry opens them to it. One row per gap.
with versions as (
    select framework_version from {{ ref('framework_versions') }}
),

expected as (
    select versions.framework_version, definitions.metric, definitions.outcomes, definitions.open_to
    from {{ ref('metric_definitions') }} as definitions
    cross join versions
)

{% for table in [ref('metric_anchors'), ref('metric_priors')] -%}
select expected.framework_version, expected.metric, '{{ table.identifier }}' as missing_in
from expected
left join ({{ in_version(table, ['segment', 'metric']) }}) as policy
    on
        expected.framework_version = policy.for_version
        and expected.metric = policy.metric
        and policy.segment = 'baseline'
where policy.metric is null
union all
{% endfor -%}
{% for outcome in outcomes() -%}
select expected.framework_version, expected.metric, 'metric_weights: {{ outcome }}' as missing_in
from expected
left join ({{ in_version(ref('metric_weights'), ['segment', 'outcome', 'metric']) }}) as policy
    on
        expected.framework_version = policy.for_version
        and expected.metric = policy.metric
        and policy.outcome = '{{ outcome }}'
        and policy.segment = 'baseline'
where
    (expected.outcomes like '%{{ outcome }}%') != (policy.metric is not null)
    and (policy.metric is null or expected.open_to not like '%{{ outcome }}%')
{% if not loop.last %}union all{% endif %}
{% endfor -%}
