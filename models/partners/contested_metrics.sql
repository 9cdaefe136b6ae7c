-- One row per dispute of a known partner: what is contested, why, by when it is answered and how it ended.
-- No score reads it: a number changes when its source corrects the record, and not because it is contested.
with opened as (
    select * from {{ ref('stg_programme__disputes') }} where superseded_at is null
),

partners as (
    select * from {{ ref('partners') }}
),

reasons as (
    select * from {{ ref('dispute_reasons') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

-- What happens after the scored day is not known yet.
known as (
    select
        opened.dispute_id,
        opened.partner_id,
        partners.partner_name,
        opened.metric,
        opened.reason_code,
        cast(opened.opened_at as date) as opened_on,
        horizon.as_of_on,
        case when cast(opened.resolved_at as date) <= horizon.as_of_on then cast(opened.resolved_at as date) end as resolved_on,
        case when cast(opened.resolved_at as date) <= horizon.as_of_on then opened.resolution end as resolution
    from opened
    inner join partners on opened.partner_id = partners.partner_id
    cross join horizon
    where cast(opened.opened_at as date) <= horizon.as_of_on
),

timed as (
    select
        known.*,
        reasons.meaning as reason,
        reasons.answer_days,
        reasons.owner,
        {{ add_days('known.opened_on', 'reasons.answer_days') }} as due_on,
        {{ days_between('known.opened_on', 'coalesce(known.resolved_on, known.as_of_on)') }} as days_open
    from known
    inner join reasons
        on reasons.reason_code = case
            when known.reason_code in (select listed.reason_code from {{ ref('dispute_reasons') }} as listed) then known.reason_code
            else 'other'
        end
)

select
    dispute_id,
    partner_id,
    partner_name,
    metric,
    reason_code,
    reason,
    case
        when resolved_on is null and as_of_on > due_on then 'overdue'
        when resolved_on is null then 'open'
        when resolved_on > due_on then 'answered late'
        else 'answered in time'
    end as state,
    resolution,
    owner,
    answer_days,
    days_open,
    resolved_on is null as is_open,
    resolved_on is null and as_of_on > due_on as is_overdue,
    case when resolved_on is not null then coalesce(resolution, '') in ('upheld', 'corrected') end as is_upheld,
    opened_on,
    due_on,
    resolved_on
from timed
