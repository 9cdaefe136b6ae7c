-- Who belongs to a segment is a macro, what applies to it is policy. One row per segment that has only one of them.
{{ config(meta={'remedy': 'Write macros/segments/<segment>.sql with the macro segment_<segment>, or the row '
    ~ 'of seeds/policy/segments.csv, or take the other one back (docs/how-to/add-a-segment.md).'}) }}
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
