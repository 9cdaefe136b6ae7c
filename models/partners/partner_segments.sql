-- One row per partner: the segment whose weights and anchors apply to it.
with partners as (
    select * from {{ ref('partners') }}
),

segments as (
    select * from {{ ref('segments') }}
),

memberships as (
    -- Everybody belongs to the baseline; a macro of macros/segments says who belongs to a segment.
    select partner_id, 'baseline' as segment from partners
    {%- for segment in segment_names() %}
    union all
    select partner_id, '{{ segment }}' as segment from partners where {{ context['segment_' ~ segment]() }}
    {%- endfor %}
),

ranked as (
    select
        memberships.partner_id,
        memberships.segment,
        row_number() over (
            partition by memberships.partner_id order by segments.priority asc nulls last, memberships.segment asc nulls last
        ) as place
    from memberships
    inner join segments on memberships.segment = segments.segment
)

select partner_id, segment from ranked where place = 1
