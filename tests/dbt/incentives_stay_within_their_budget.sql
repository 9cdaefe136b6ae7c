-- Nothing is given that is not there, and the reserved part only to high potential. One row per fund and rule broken.
with given as (
    select
        period,
        fund,
        sum(reserved_part + general_part) as given,
        sum(reserved_part) as given_of_reserve,
        sum(case when is_high_potential then 0 else reserved_part + general_part end) as given_to_others,
        max(reserved_part + general_part - amount_asked) as most_over_asked
    from {{ ref('incentive_awards') }}
    group by period, fund
)

select given.period, given.fund, given.given, given.given_to_others
from given
inner join {{ ref('incentive_periods') }} as periods on given.period = periods.period and given.fund = periods.fund
where
    given.given > periods.amount + 0.000001
    or given.given_of_reserve > periods.reserved + 0.000001
    or given.given_to_others > periods.amount - periods.reserved + 0.000001
    or given.most_over_asked > 0.000001
