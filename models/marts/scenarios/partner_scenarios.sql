-- One row per partner, outcome and scenario: score, band, rank and what is expected, now and in the scenario.
with scores as (
    select * from {{ ref('scenario_scores') }}
),

scenarios as (
    select * from {{ ref('scenarios') }}
),

likelihoods as (
    select
        expectations.*,
        definitions.score
    from {{ ref('scenario_expectations') }} as expectations
    inner join {{ ref('outcome_definitions') }} as definitions on expectations.outcome = definitions.outcome
    where definitions.outcome in ('engaged', 'productive')
),

amounts as (
    select * from {{ ref('scenario_expectations') }} where outcome = 'revenue'
)

select
    scores.partner_id,
    scores.week_start,
    scores.segment,
    scores.outcome,
    scenarios.scenario,
    scores.official_score,
    scores.scenario_score,
    scores.score_difference,
    scores.official_band,
    scores.scenario_band,
    scores.official_rank,
    scores.scenario_rank,
    likelihoods.official_likelihood,
    likelihoods.scenario_likelihood,
    round(amounts.official_amount, 2) as official_expected_revenue,
    round(amounts.scenario_amount, 2) as scenario_expected_revenue
from scores
inner join scenarios on scores.framework = {{ scenario_framework('scenarios.scenario') }}
left join likelihoods
    on
        scores.partner_id = likelihoods.partner_id
        and scores.framework = likelihoods.framework
        and scores.outcome = likelihoods.score
left join amounts
    on
        scores.partner_id = amounts.partner_id
        and scores.framework = amounts.framework
        and scores.outcome = amounts.outcome
