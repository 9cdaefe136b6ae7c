-- One row per open period and fund: the budget and what has become of it.
with periods as (
    select * from {{ ref('incentive_periods') }}
),

given as (
    select
        period,
        fund,
        cast(count(*) as integer) as entitlements,
        sum(reserved_part) as given_of_reserve,
        sum(case when earned_by = 'improvement' then general_part else 0 end) as given_of_improvement,
        sum(case when earned_by = 'improvement' then 0 else general_part end) as given_of_rest,
        sum(case when hold_state = 'held' then reserved_part + general_part else 0 end) as held
    from {{ ref('incentive_awards') }}
    group by period, fund
)

select
    periods.period,
    periods.fund,
    '{{ var("reporting_currency") }}' as currency,
    coalesce(given.entitlements, 0) as entitlements,
    periods.amount as budget,
    periods.reserved,
    coalesce(given.given_of_reserve, 0) as given_of_reserve,
    periods.for_improvement,
    coalesce(given.given_of_improvement, 0) as given_of_improvement,
    coalesce(given.given_of_rest, 0) as given_of_rest,
    coalesce(given.held, 0) as held,
    periods.amount - coalesce(given.given_of_reserve + given.given_of_improvement + given.given_of_rest, 0) as not_given,
    periods.starts_on,
    periods.ends_on,
    periods.settles_on
from periods
left join given on periods.period = given.period and periods.fund = given.fund
