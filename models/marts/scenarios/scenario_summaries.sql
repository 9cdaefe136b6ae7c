-- One row per scenario, outcome and segment (and `all`): how far scores move, who changes band, and what is
-- expected in total, now and in the scenario.
with scores as (
    select * from {{ ref('scenario_scores') }}
),

scenarios as (
    select * from {{ ref('scenarios') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

amounts as (
    select * from {{ ref('scenario_expectations') }} where outcome = 'revenue'
),

judged as (
    select
        scenarios.scenario,
        scenarios.question,
        partner_segments.segment as own_segment,
        scores.*,
        {{ band_number('scores.official_band') }} as official_level,
        {{ band_number('scores.scenario_band') }} as scenario_level,
        amounts.official_amount,
        amounts.scenario_amount
    from scores
    inner join scenarios on scores.framework = {{ scenario_framework('scenarios.scenario') }}
    inner join partner_segments on scores.partner_id = partner_segments.partner_id
    left join amounts
        on
            scores.partner_id = amounts.partner_id
            and scores.framework = amounts.framework
            and scores.outcome = amounts.outcome
),

grouped as (
    select 'all' as for_segment, judged.* from judged
    union all
    select own_segment as for_segment, judged.* from judged
)

select
    scenario,
    max(question) as question,
    outcome,
    for_segment as segment,
    cast(count(*) as integer) as partners,
    avg(score_difference) as mean_difference,
    max(abs(score_difference)) as most_difference,
    cast(count(*) filter (where scenario_level > official_level) as integer) as bands_up,
    cast(count(*) filter (where scenario_level < official_level) as integer) as bands_down,
    case when count(*) > 2 then corr(official_rank, scenario_rank) end as rank_correlation,
    -- Partners are shown in cents, and add up to these.
    round(sum(round(official_amount, 2)), 2) as official_expected_revenue,
    round(sum(round(scenario_amount, 2)), 2) as scenario_expected_revenue
from grouped
group by scenario, outcome, for_segment
