-- One row per activity that the partner portal tells of, of every landed version of its record.
{{ config(materialized='view') }}

with required_milestones as (
    select * from {{ ref('milestones') }} where is_required
),

events as (
    select * from {{ ref('stg_portal__events') }}
),

reached as (
    select
        *,
        max(changed_at) over (partition by partner_id, milestone) as milestone_changed_at
    from {{ ref('stg_portal__milestones') }}
),

milestones as (
    -- A milestone is reached once: a second record of it adds nothing, and may take the place of the first.
    select
        reached.milestone_id,
        reached.partner_id,
        case
            when required_milestones.milestone is not null and row_number() over first_reached = 1 then 1
            else 0
        end as is_required,
        reached.reached_at,
        reached.loaded_at,
        reached.superseded_at,
        -- Each record brings all its versions along, those of another partner or milestone too.
        max(reached.milestone_changed_at) over (partition by reached.milestone_id) as changed_at
    from reached
    left join required_milestones on reached.milestone = required_milestones.milestone
    window first_reached as (
        partition by reached.partner_id, reached.milestone
        order by
            case when reached.superseded_at is null then 0 else 1 end asc nulls last,
            reached.reached_at asc nulls last,
            reached.milestone_id asc nulls last
    )
),

activities as (
    select {{ activity("'portal_action'", 'occurred_at', 'event_id', 'portal.events') }}
    from events
    union all
    select {{ activity("'milestone_reached'", 'reached_at', 'milestone_id', 'portal.milestones',
        quantity='is_required') }}
    from milestones
)

select * from activities
