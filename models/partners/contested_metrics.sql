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

-- A code that policy does not list has the words and the clock of `other`.
clocked as (
    select
        known.*,
        coalesce(reasons.meaning, others.meaning) as reason,
        coalesce(reasons.answer_days, others.answer_days) as answer_days,
        coalesce(reasons.owner, others.owner) as owner
    from known
    inner join reasons as others on others.reason_code = 'other'
    left join reasons on known.reason_code = reasons.reason_code
),

timed as (
    select
        clocked.*,
        {{ add_days('clocked.opened_on', 'clocked.answer_days') }} as due_on,
        {{ days_between('clocked.opened_on', 'coalesce(clocked.resolved_on, clocked.as_of_on)') }} as days_open
    from clocked
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
