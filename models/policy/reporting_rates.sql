-- One row per year and currency: what one unit of it is worth in the reporting currency.
with rates as (
    select * from {{ ref('exchange_rates') }}
),

reporting as (
    select rate_year, euros from rates where currency = '{{ var("reporting_currency") }}'
)

select
    rates.currency,
    rates.rate_year,
    -- One unit of the reporting currency is exactly one: its own amounts are never rounded.
    case
        when rates.currency = '{{ var("reporting_currency") }}' then cast(1 as decimal(18, 8))
        else cast(cast(rates.euros as double) / cast(reporting.euros as double) as decimal(18, 8))
    end as rate
from rates
inner join reporting on rates.rate_year = reporting.rate_year
