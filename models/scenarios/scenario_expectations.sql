-- One row per partner, scenario and outcome: what is expected in the scenario beside what is expected now, where the
-- scenario changes what partners do. Where it changes how they are judged, nothing else is expected of them.
with shocks as (
    select framework
    from {{ ref('framework_changes') }}
    group by framework
    having min(case when changes = 'metric value' then 1 else 0 end) = 1
),

prediction_weeks as (
    select * from {{ ref('prediction_weeks') }}
),

current_expectations as (
    select * from {{ ref('expected_outcomes') }} where basis = 'number'
),

scored as (
    select
        scenario_scores.partner_id,
        scenario_scores.framework,
        definitions.outcome,
        cast(round(scenario_scores.scenario_score) as integer) as point,
        prediction_weeks.week_start,
        prediction_weeks.segment,
        prediction_weeks.lower_knot,
        prediction_weeks.upper_knot,
        prediction_weeks.upper_share
    from {{ ref('scenario_scores') }} as scenario_scores
    inner join shocks on scenario_scores.framework = shocks.framework
    inner join {{ ref('outcome_definitions') }} as definitions on scenario_scores.outcome = definitions.score
    inner join prediction_weeks
        on
            scenario_scores.partner_id = prediction_weeks.partner_id
            and scenario_scores.week_start = prediction_weeks.week_start
),

expected as (
    {{ expected_at('scored', ['framework']) }}
)

select
    expected.partner_id,
    expected.framework,
    expected.outcome,
    current_expectations.likelihood as official_likelihood,
    expected.likelihood as scenario_likelihood,
    current_expectations.expected_amount as official_amount,
    expected.expected_amount as scenario_amount
from expected
inner join current_expectations
    on
        expected.partner_id = current_expectations.partner_id
        and expected.week_start = current_expectations.week_start
        and expected.outcome = current_expectations.outcome
