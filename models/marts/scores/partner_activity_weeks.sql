-- One row per partner and week of its tenure: what happened, in figures that add up.
with partner_weeks as (
    select * from {{ ref('partner_weeks') }}
)

select * from partner_weeks
