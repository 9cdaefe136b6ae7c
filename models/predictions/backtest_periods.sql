-- One row per period, outcome and origin in it: each month by itself, and `all` of those whose predictions
-- were published as numbers.
with fits as (
    select
        origin_week,
        outcome,
        basis
    from {{ ref('outcome_fits') }}
    where segment = 'all' and basis != 'nothing known'
)

select
    substring(cast(origin_week as {{ dbt.type_string() }}), 1, 7) as period,
    outcome,
    origin_week,
    basis
from fits
where {{ is_origin('origin_week') }}
union all
select
    'all' as period,
    outcome,
    origin_week,
    basis
from fits
where {{ is_origin('origin_week') }} and basis = 'number'
