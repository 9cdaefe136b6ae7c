-- Who belongs to a segment is a macro, what applies to it is policy. One row per segment that has only one of them.
with macros as (
    select 'baseline' as segment
    {%- for segment in segment_names() %}
    union all
    select '{{ segment }}' as segment
    {%- endfor %}
)

select policy.segment as segment_of_policy, macros.segment as segment_of_macro
from {{ ref('segments') }} as policy
full join macros on policy.segment = macros.segment
where policy.segment is null or macros.segment is null
