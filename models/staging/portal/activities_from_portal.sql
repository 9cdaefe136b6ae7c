-- One row per activity that the partner portal tells of, of every landed version of its record.
{{ config(materialized='view') }}

with required_milestones as (
    select * from {{ ref('milestones') }} where is_required
),

events as (
    select * from {{ ref('stg_portal__events') }}
),

milestones as (
    select
        reached.*,
        case when required_milestones.milestone is null then 0 else 1 end as is_required
    from {{ ref('stg_portal__milestones') }} as reached
    left join required_milestones on reached.milestone = required_milestones.milestone
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
