-- One row per origin, quarter and partner with a number: what is expected of the weeks of the quarter that are
-- still to come, an even part of what its prediction says of the weeks that it covers. Weeks beyond them are
-- expected to bring as much as those within.
with quarters as (
    select * from {{ ref('forecast_quarters') }}
),

expected as (
    select * from {{ ref('expected_outcomes') }}
    where outcome = 'revenue' and basis = 'number' and expected_amount is not null
),

-- Segment and tier as they were then.
prediction_weeks as (
    select * from {{ ref('prediction_weeks') }}
),

partners as (
    select * from {{ ref('partners') }}
)

select
    quarters.origin_week,
    quarters.quarter_start,
    expected.partner_id,
    prediction_weeks.segment,
    prediction_weeks.tier,
    coalesce(partners.region, 'unknown') as region,
    expected.likelihood_tenth,
    -- To the cent, so that partners add up to their groups as people add them up.
    round(expected.expected_amount * quarters.forecast_weeks / definition.weeks, 2) as expected_revenue,
    case when quarters.is_running then round({{ revenue_between() }}, 2) else 0 end as booked_revenue
from quarters
cross join {{ forecast_definition() }} as definition
inner join expected on quarters.origin_week = expected.week_start
inner join prediction_weeks
    on expected.partner_id = prediction_weeks.partner_id and expected.week_start = prediction_weeks.week_start
inner join partners on expected.partner_id = partners.partner_id
{{ join_revenue('expected', add_weeks('quarters.first_week', -1), 'quarters.origin_week') }}
where quarters.is_past or not partners.is_terminated
