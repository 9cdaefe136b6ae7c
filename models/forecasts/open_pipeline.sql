-- One row per origin and deal that was open at its end, by what had happened to it until then: its stage, and the
-- week in which it was won where that is known by now. A deal that is closed without a date was never seen
-- open. Amounts are those of the newest version of the record, by the rate of the year of registration.
with deals as (
    {{ with_rates(ref('stg_crm__deals'), 'registered_at') }}
),

origins as (
    select * from {{ ref('prediction_origins') }}
),

segment_history as (
    select * from {{ ref('partner_segment_history') }}
),

dated as (
    select
        deal_id,
        partner_id,
        outcome = 'won' as is_won,
        cast(cast(amount as double) * cast(rate as double) as double) as amount,
        {{ week_start('registered_at') }} as registered_week,
        {{ week_start('approved_at') }} as approved_week,
        {{ week_start('rejected_at') }} as rejected_week,
        {{ week_start('qualified_at') }} as qualified_week,
        {{ week_start('closed_at') }} as closed_week
    from deals
    where superseded_at is null and (outcome = 'open' or closed_at is not null)
),

open_deals as (
    select
        origins.origin_week,
        origins.is_monthly,
        origins.is_newest,
        dated.*
    from origins
    inner join dated
        on
            origins.origin_week >= dated.registered_week
            and (dated.rejected_week is null or origins.origin_week < dated.rejected_week)
            and (dated.closed_week is null or origins.origin_week < dated.closed_week)
)

select
    open_deals.origin_week,
    open_deals.deal_id,
    open_deals.partner_id,
    segment_history.segment,
    case
        when {{ weeks_between('open_deals.registered_week', 'open_deals.origin_week') }} > {{ parameter('forecast_stalled_weeks') }} then 'stalled'
        when open_deals.qualified_week <= open_deals.origin_week then 'qualified'
        when open_deals.approved_week <= open_deals.origin_week then 'approved'
        else 'registered'
    end as stage,
    {{ weeks_between('open_deals.registered_week', 'open_deals.origin_week') }} as weeks_open,
    round(open_deals.amount, 2) as amount,
    open_deals.is_monthly,
    open_deals.is_newest,
    open_deals.registered_week,
    case
        when open_deals.is_won and open_deals.closed_week <= (select as_of_week from {{ ref('score_horizon') }})
            then open_deals.closed_week
    end as won_week
from open_deals
inner join segment_history
    on
        open_deals.partner_id = segment_history.partner_id
        and open_deals.origin_week >= segment_history.first_week
        and open_deals.origin_week < segment_history.until_week
