-- One row per number of policy that a framework version states otherwise than the one it is based on.
{%- set tables = {
    'context_adjustments': (['outcome', 'attribute', 'value'], ['points']),
    'layer_weights': (['segment', 'outcome', 'tenure_week'], ['strategy', 'execution', 'results']),
    'metric_anchors': (['segment', 'metric'], ['floor_value', 'target_value', 'stretch_value']),
    'metric_priors': (['segment', 'metric'], ['prior_value', 'prior_strength']),
    'metric_weights': (['segment', 'outcome', 'metric'], ['weight', 'most_share']),
    'score_bands': (['outcome', 'band'], ['lower_bound']),
    'segment_pooling': (['segment'], ['own_share']),
    'stability_rules': (['rule'], ['value']),
} %}
with versions as (
    select framework_version, based_on from {{ ref('framework_versions') }} where based_on is not null
),
{% for table, (keys, columns) in tables.items() %}
{{ table }}_resolved as (
    {{ in_version(ref(table), keys) }}
),
{% endfor %}
changed as (
    {%- for table, (keys, columns) in tables.items() %}
    {%- set last_table = loop.last %}
    {%- for column in columns %}
    select
        versions.framework_version,
        versions.based_on,
        '{{ table }}' as policy,
        {% for key in keys %}cast(own.{{ key }} as {{ dbt.type_string() }}){{ " || ', ' || " if not loop.last }}{% endfor %} as about,
        '{{ column }}' as number_name,
        cast(base.{{ column }} as double) as value_before,
        cast(own.{{ column }} as double) as value_after,
        own.owner,
        own.reason
    from versions
    inner join {{ ref(table) }} as own on versions.framework_version = own.framework_version
    left join {{ table }}_resolved as base
        on
            versions.based_on = base.for_version
            {%- for key in keys %}
            and own.{{ key }} = base.{{ key }}
            {%- endfor %}
    {% if not (last_table and loop.last) %}union all{% endif %}
    {%- endfor %}
    {%- endfor %}
)

select *
from changed
where coalesce(value_before, -1e18) != coalesce(value_after, -1e18)
