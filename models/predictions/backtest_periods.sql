-- One row per period, outcome and origin in it: each month by itself, and `all` of those whose predictions
-- were published as numbers. Only months whose outcome is known: of the others nothing can be judged.
with horizon as (
    select as_of_week from {{ ref('score_horizon') }}
),

fits as (
    select
        fits.origin_week,
        fits.outcome,
        fits.basis
    from {{ ref('outcome_fits') }} as fits
    inner join {{ ref('outcome_definitions') }} as definitions on fits.outcome = definitions.outcome
    where
        fits.segment = 'all'
        and fits.basis != 'nothing known'
        and {{ is_origin('fits.origin_week') }}
        and {{ add_weeks('fits.origin_week', 'definitions.last_week') }} <= (select as_of_week from horizon)
)

select
    substring(cast(origin_week as {{ dbt.type_string() }}), 1, 7) as period,
    outcome,
    origin_week,
    basis
from fits
union all
select
    'all' as period,
    outcome,
    origin_week,
    basis
from fits
where basis = 'number'
