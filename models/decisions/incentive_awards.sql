-- One row per earned entitlement: its part of the fund. Who earned first is served first, so that nothing is taken back
-- from anybody; what is left for a day's claims is shared in proportion to them. A fund has three parts: reserved
-- for high potential, for improvements, and the rest for milestones. Claims on potential draw on the reserved part alone;
-- others of partners with high potential draw on it first. Refused claims ask for nothing, held ones keep their place.
with claims as (
    select
        claims.*,
        payment_holds.signs,
        payment_holds.state as hold_state,
        payment_holds.decided_by,
        case when payment_holds.state = 'refused' then 0 else claims.amount_asked end as amount_to_share
    from {{ ref('incentive_claims') }} as claims
    left join {{ ref('payment_holds') }} as payment_holds on claims.partner_id = payment_holds.partner_id
),

periods as (
    select * from {{ ref('incentive_periods') }}
),

reserve_days as (
    select
        period,
        fund,
        earned_on,
        sum(amount_to_share) as asked
    from claims
    where is_high_potential
    group by period, fund, earned_on
),

reserve_shares as (
    select
        reserve_days.period,
        reserve_days.fund,
        reserve_days.earned_on,
        {{ share_of_what_is_left('periods.reserved', 'reserve_days', ['period', 'fund']) }} as share
    from reserve_days
    inner join periods on reserve_days.period = periods.period and reserve_days.fund = periods.fund
),

from_reserve as (
    select
        claims.*,
        {{ whole_cents('case when claims.is_high_potential then claims.amount_to_share * coalesce(reserve_shares.share, 0) else 0 end') }} as reserved_part
    from claims
    left join reserve_shares
        on
            claims.period = reserve_shares.period
            and claims.fund = reserve_shares.fund
            and claims.earned_on = reserve_shares.earned_on
),

general_days as (
    select
        period,
        fund,
        earned_by,
        earned_on,
        sum(amount_to_share - reserved_part) as asked
    from from_reserve
    where earned_by != 'potential'
    group by period, fund, earned_by, earned_on
),

general_shares as (
    select
        general_days.period,
        general_days.fund,
        general_days.earned_by,
        general_days.earned_on,
        {{ share_of_what_is_left(
            "case general_days.earned_by when 'improvement' then periods.for_improvement else periods.amount - periods.reserved - periods.for_improvement end",
            'general_days', ['period', 'fund', 'earned_by']) }} as share
    from general_days
    inner join periods on general_days.period = periods.period and general_days.fund = periods.fund
)

select
    from_reserve.period,
    from_reserve.partner_id,
    from_reserve.rule,
    from_reserve.segment,
    from_reserve.fund,
    from_reserve.earned_by,
    from_reserve.earned_through,
    from_reserve.signs,
    from_reserve.hold_state,
    from_reserve.decided_by,
    from_reserve.amount_asked,
    from_reserve.reserved_part,
    {{ whole_cents('(from_reserve.amount_to_share - from_reserve.reserved_part) * coalesce(general_shares.share, 0)') }} as general_part,
    from_reserve.is_high_potential,
    from_reserve.earned_on
from from_reserve
left join general_shares
    on
        from_reserve.earned_by = general_shares.earned_by
        and from_reserve.period = general_shares.period
        and from_reserve.fund = general_shares.fund
        and from_reserve.earned_on = general_shares.earned_on
