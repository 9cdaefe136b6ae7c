{# Rows of a policy table for every segment: the segment's own row where it has one, the baseline's
   otherwise. `keys` are the columns that name a row within a version and segment. #}
{% macro with_fallback(policy, keys) -%}
    select
        segments.segment as for_segment,
        rows_of_policy.*
    from {{ ref('segments') }} as segments
    inner join {{ policy }} as rows_of_policy
        on rows_of_policy.segment in (segments.segment, 'baseline')
    qualify row_number() over (
        partition by segments.segment, rows_of_policy.framework_version, {% for key in keys %}rows_of_policy.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
        order by case when rows_of_policy.segment = segments.segment then 0 else 1 end asc nulls last
    ) = 1
{%- endmacro %}
