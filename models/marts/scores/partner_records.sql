-- One row per record of a partner that a metric of its last scored week looks back on.
with activities as (
    select * from {{ ref('activities') }}
),

activity_types as (
    select * from {{ ref('activity_types') }}
),

partners as (
    select * from {{ ref('partners') }}
),

definitions as (
    select * from {{ ref('metric_definitions') }}
),

-- How far back the metrics of a source look; one that counts since the contract has no limit.
look_back as (
    select
        sources as source,
        max(window_weeks) as window_weeks,
        count_if(window_weeks is null and sources != 'any activity') > 0 as is_unlimited
    from definitions
    group by sources
),

any_activity as (
    select max(window_weeks) as window_weeks from look_back where source = 'any activity'
),

-- As weekly figures count them: what lasts and began before the contract, in its first week.
records as (
    select
        activities.*,
        activity_types.definition,
        activity_types.is_meaningful and activities.quantity > 0 as is_meaningful,
        activity_types.counts_as_active and activities.counted_on >= partners.contract_week as counts_as_active,
        {{ weeks_between(
            'greatest(' ~ week_start('activities.counted_on') ~ ', partners.contract_week)', 'partners.last_week'
        ) }} as weeks_back
    from activities
    inner join partners on activities.partner_id = partners.partner_id
    inner join activity_types on activities.activity_type = activity_types.activity_type
    where
        -- No metric counts mail: much of it is sent by machines.
        activities.activity_type != 'email'
        and (activity_types.is_stock or activities.counted_on >= partners.contract_week)
        and activities.counted_on <= {{ week_end('partners.last_week') }}
)

select
    records.partner_id,
    records.source,
    records.source_record_id,
    records.activity_type,
    records.definition,
    cast(records.weeks_back as integer) as weeks_back,
    records.quantity,
    cast(records.amount as double) as amount,
    coalesce(records.is_meaningful, false) as is_meaningful,
    records.counts_as_active,
    records.counted_on
from records
left join look_back on records.source = look_back.source
where
    records.weeks_back >= 0
    and (
        coalesce(look_back.is_unlimited, false)
        or records.weeks_back < look_back.window_weeks
        or (records.counts_as_active and records.weeks_back < (select window_weeks from any_activity))
    )
