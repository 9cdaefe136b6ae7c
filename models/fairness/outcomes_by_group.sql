-- One row per outcome, attribute and group: what came of its partners beside what was expected of them.
-- Interval of a share: Wilson. Of an amount: the observed sum, give or take what the amounts of its
-- partners missed their expectations by.
with observations as (
    select * from {{ ref('fairness_observations') }}
),

attributes as (
    select * from {{ ref('fairness_attributes') }}
),

definitions as (
    select *, threshold is null as is_amount from {{ ref('outcome_definitions') }}
),

numbers as (
    select
        {{ parameter('fairness_interval_deviations') }} as deviations,
        {{ parameter('fairness_clear_deviations') }} as clear_deviations
),

cells as (
    select
        observations.outcome,
        attributes.attribute,
        attributes.group_name,
        definitions.is_amount,
        observations.week_start,
        case when definitions.is_amount then observations.amount when observations.is_reached then 1.0 else 0.0 end as observed,
        cast(case when definitions.is_amount then observations.expected_amount else observations.likelihood end as double) as expected
    from observations
    inner join attributes
        on observations.partner_id = attributes.partner_id and observations.week_start = attributes.week_start
    inner join definitions on observations.outcome = definitions.outcome
),

counted as (
    select
        outcome,
        attribute,
        group_name,
        is_amount,
        cast(count(*) as double) as partners,
        round(sum(cast(observed as double)), 6) as observed,
        round(sum(expected), 6) as expected,
        round(var_samp(observed - expected), 6) as missed_variance,
        min(week_start) as first_week,
        max(week_start) as last_week
    from cells
    -- A young programme has no amounts yet to expect one from.
    where expected is not null
    group by outcome, attribute, group_name, is_amount
),

bounded as (
    select
        counted.*,
        {%- for name, deviations in [('', 'numbers.deviations'), ('clear_', 'numbers.clear_deviations')] %}
        {%- for end, side in [('low', '-'), ('high', '+')] %}
        case
            when counted.is_amount
                then (counted.observed {{ side }} {{ deviations }} * sqrt(counted.partners * counted.missed_variance)) / counted.partners
            else {{ wilson_at('counted.observed', 'counted.partners', side, deviations) }}
        end as {{ name }}{{ end }},
        {%- endfor %}
        {%- endfor %}
        counted.observed / counted.partners as observed_mean,
        counted.expected / counted.partners as expected_mean
    from counted
    cross join numbers
)

select
    outcome,
    attribute,
    group_name,
    {{ fairness_verdict('low', 'high', 'clear_low', 'clear_high', 'expected_mean', 'partners') }} as verdict,
    cast(partners as integer) as partners,
    round(observed_mean, 9) as observed,
    round(expected_mean, 9) as expected,
    round(observed_mean / nullif(expected_mean, 0), 9) as ratio,
    round(greatest(low, 0) / nullif(expected_mean, 0), 9) as ratio_low,
    round(high / nullif(expected_mean, 0), 9) as ratio_high,
    first_week,
    last_week
from bounded
