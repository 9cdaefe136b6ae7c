-- One row per partner and span of weeks in which its segment and tier stayed as the CRM had them then:
-- what was known of a partner at the end of a week, and not what is known of it today.
with versions as (
    select
        *,
        {{ week_start('updated_at') }} as updated_week
    from {{ ref('stg_crm__partners') }}
),

segments as (
    select * from {{ ref('segments') }}
),

-- The first version holds for the weeks before it: nobody knows better.
dated as (
    select
        *,
        case
            when updated_at is null or updated_at = min(updated_at) over (partition by partner_id) then cast('1900-01-01' as date)
            else updated_week
        end as first_week
    from versions
),

known as (
    select * from dated
    where first_week <= (select as_of_week from {{ ref('score_horizon') }})
),

latest_of_week as (
    select * from known
    qualify row_number() over (
        partition by partner_id, first_week
        order by updated_at desc nulls last, superseded_at desc nulls first, file_id desc nulls last, row_number desc nulls last
    ) = 1
),

memberships as (
    select latest_of_week.*, 'baseline' as segment from latest_of_week
    {%- for segment in segment_names() %}
    union all
    select latest_of_week.*, '{{ segment }}' as segment from latest_of_week where {{ context['segment_' ~ segment]() }}
    {%- endfor %}
),

claimed as (
    select
        memberships.partner_id,
        memberships.first_week,
        memberships.segment,
        coalesce(memberships.tier, 'none') as tier
    from memberships
    inner join segments on memberships.segment = segments.segment
    qualify row_number() over (
        partition by memberships.partner_id, memberships.first_week
        order by segments.priority asc nulls last, memberships.segment asc nulls last
    ) = 1
),

changes as (
    select
        *,
        lag(segment || ' ' || tier) over (partition by partner_id order by first_week asc nulls last) as before
    from claimed
)

select
    partner_id,
    segment,
    tier,
    first_week,
    coalesce(
        lead(first_week) over (partition by partner_id order by first_week asc nulls last),
        cast('9999-12-27' as date)
    ) as until_week
from changes
where before is null or before != segment || ' ' || tier
