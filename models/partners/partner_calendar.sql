-- One row per partner and week of its tenure, from the week of its contract to its last week.
{{ config(materialized='view') }}

with partners as (
    select * from {{ ref('partners') }}
),

weeks as (
    select {{ add_weeks('first.week_start', 'steps.step') }} as week_start
    from (select min(contract_week) as week_start from partners) as first
    -- Weeks since 1990 fit in: no programme is older than the first plausible day.
    cross join {{ steps(2600) }}
    where steps.step <= {{ weeks_between('first.week_start', '(select max(last_week) from partners)') }}
)

select
    partners.partner_id,
    weeks.week_start,
    {{ weeks_between('partners.contract_week', 'weeks.week_start') }} as tenure_week
from partners
inner join weeks on weeks.week_start between partners.contract_week and partners.last_week
