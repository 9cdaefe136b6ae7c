-- One row per activity that the CRM tells of, of every landed version of its record.
{{ config(materialized='view') }}

with activity_types as (
    select * from {{ ref('activity_types') }}
),

service_level as (
    select due_within_hours
    from activity_types
    where activity_type = 'request_received'
),

interactions as (
    select * from {{ ref('stg_crm__activities') }}
),

requests as (
    select
        staged.*,
        {{ hours_between('requested_at', 'responded_at') }} as answer_hours,
        -- A request counts when its answer is due, so that a rate never looks ahead.
        {{ add_hours('requested_at', 'due_within_hours') }} as answer_due_at,
        {{ hours_between('requested_at', 'responded_at') }} <= due_within_hours as is_in_time
    from {{ ref('stg_crm__requests') }} as staged
    cross join service_level
),

leads as (
    select * from {{ ref('stg_crm__leads') }}
),

deals as (
    {{ with_rates(ref('stg_crm__deals'), 'closed_at') }}
),

activities as (
    -- The kinds of the CRM are the vocabulary's own names.
    select {{ activity('kind', 'occurred_at', 'activity_id', 'crm.activities',
        quantity="case when direction = 'mutual' then 1 else 0 end") }}
    from interactions
    union all
    select {{ activity("'request_received'", 'requested_at', 'request_id', 'crm.requests',
        counted_on='answer_due_at') }}
    from requests
    union all
    select {{ activity("'request_answered'", 'responded_at', 'request_id', 'crm.requests',
        quantity='answer_hours',
        counted_on='case when is_in_time then answer_due_at else responded_at end') }}
    from requests
    where responded_at is not null
    union all
    select {{ activity("'lead_submitted'", 'submitted_at', 'lead_id', 'crm.leads') }}
    from leads
    union all
    select {{ activity("'lead_accepted'", 'accepted_at', 'lead_id', 'crm.leads') }}
    from leads
    where accepted_at is not null
    union all
    select {{ activity("'lead_rejected'", 'rejected_at', 'lead_id', 'crm.leads') }}
    from leads
    where rejected_at is not null
    union all
    select {{ activity("'deal_registered'", 'registered_at', 'deal_id', 'crm.deals') }}
    from deals
    union all
    select {{ activity("'deal_approved'", 'approved_at', 'deal_id', 'crm.deals') }}
    from deals
    where approved_at is not null
    union all
    select {{ activity("'deal_rejected'", 'rejected_at', 'deal_id', 'crm.deals') }}
    from deals
    where rejected_at is not null
    union all
    -- A deal that was won without ever being qualified was qualified when it was won.
    select {{ activity("'deal_qualified'", 'coalesce(qualified_at, closed_at)', 'deal_id', 'crm.deals') }}
    from deals
    where qualified_at is not null or (outcome = 'won' and closed_at is not null)
    union all
    -- A deal that was registered after it was won had no cycle.
    select {{ activity("'deal_won'", 'closed_at', 'deal_id', 'crm.deals',
        quantity='greatest(' ~ days_between('registered_at', 'closed_at') ~ ', 0)', amount='amount') }}
    from deals
    where outcome = 'won' and closed_at is not null
    union all
    select {{ activity("'deal_lost'", 'closed_at', 'deal_id', 'crm.deals',
        quantity='case when qualified_at is null then 0 else 1 end') }}
    from deals
    where outcome = 'lost' and closed_at is not null
)

select * from activities
