{# Rows of a policy table as each version has them: its own, or those of the version that it is based
   on. `for_version` says for which version; `keys` are the columns that name a row within a version. #}
{% macro in_version(policy, keys) -%}
    select
        ancestors.framework_version as for_version,
        rows_of_policy.*
    from {{ ref('framework_ancestors') }} as ancestors
    inner join {{ policy }} as rows_of_policy on ancestors.ancestor = rows_of_policy.framework_version
    qualify rank() over (
        partition by ancestors.framework_version, {% for key in keys %}rows_of_policy.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
        order by ancestors.distance asc nulls last
    ) = 1
{%- endmacro %}

{# The same for every segment (`for_segment`): the segment's own row where it has one, the baseline's
   otherwise. Rows that share their keys go together: a set of knots is replaced as a whole. #}
{% macro with_fallback(policy, keys) -%}
    select
        segments.segment as for_segment,
        ancestors.framework_version as for_version,
        rows_of_policy.*
    from {{ ref('segments') }} as segments
    inner join {{ policy }} as rows_of_policy
        on rows_of_policy.segment in (segments.segment, 'baseline')
    inner join {{ ref('framework_ancestors') }} as ancestors
        on rows_of_policy.framework_version = ancestors.ancestor
    qualify rank() over (
        partition by segments.segment, ancestors.framework_version, {% for key in keys %}rows_of_policy.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
        order by
            case when rows_of_policy.segment = segments.segment then 0 else 1 end asc nulls last,
            ancestors.distance asc nulls last
    ) = 1
{%- endmacro %}

{# A number of a segment, pooled with the baseline's by the share that the segment has of its own. #}
{% macro pooled(column) -%}
    (framework_segments.own_share * own.{{ column }} + (1 - framework_segments.own_share) * coalesce(baseline.{{ column }}, 0))
{%- endmacro %}
