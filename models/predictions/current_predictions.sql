-- One row per partner: what is expected of it from its last scored week on, or what is missing for that
-- and when it will be there.
{%- set predicted = {'engagement': 'engaged', 'productive': 'productive', 'revenue': 'revenue'} %}
with partners as (
    select * from {{ ref('partners') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

outcome_scores as (
    select * from {{ ref('outcome_scores') }}
),

rules as (
    select max(unscored_weeks) as unscored_weeks from {{ ref('stability_parameters') }}
),

expected as (
    select
        expected_outcomes.partner_id,
        expected_outcomes.week_start
        {%- for name, outcome in predicted.items() %},
        max(expected_outcomes.likelihood) filter (where expected_outcomes.outcome = '{{ outcome }}') as {{ name }}_likelihood
        {%- endfor %},
        max(expected_outcomes.likelihood_tenth) filter (where expected_outcomes.outcome = 'revenue') as likelihood_tenth,
        max(expected_outcomes.expected_amount) filter (where expected_outcomes.outcome = 'revenue') as expected_revenue
    from {{ ref('expected_outcomes') }} as expected_outcomes
    inner join partners on expected_outcomes.partner_id = partners.partner_id and not partners.is_terminated
    where expected_outcomes.week_start = (select as_of_week from {{ ref('score_horizon') }})
    group by expected_outcomes.partner_id, expected_outcomes.week_start
),

fits as (
    select
        origin_week
        {%- for name, outcome in predicted.items() %},
        max(basis) filter (where outcome = '{{ outcome }}') as {{ name }}_basis,
        max(independent_events) filter (where outcome = '{{ outcome }}') as {{ name }}_events,
        max(available_from) filter (where outcome = '{{ outcome }}') as {{ name }}_available_from
        {%- endfor %}
    from {{ ref('outcome_fits') }}
    where segment = 'all'
    group by origin_week
),

intervals as (
    select * from {{ ref('interval_ratios') }} where outcome = 'revenue'
),

first_numbers as (
    select {{ add_weeks('min(fits.origin_week)', 'max(definitions.last_week) + 1') }} as first_residual_on
    from {{ ref('outcome_fits') }} as fits
    inner join {{ ref('outcome_definitions') }} as definitions on fits.outcome = definitions.outcome
    where fits.outcome = 'revenue' and fits.segment = 'all' and fits.basis = 'number'
),

gathered as (
    select
        partners.partner_id,
        partners.last_week as week_start,
        partner_segments.segment,
        case
            when partners.is_terminated then 'ended'
            when expected.partner_id is null then 'unscored'
            when fits.engagement_basis = 'number' and fits.productive_basis = 'number' and fits.revenue_basis = 'number' then 'numbers'
            when fits.engagement_basis = 'number' or fits.productive_basis = 'number' or fits.revenue_basis = 'number' then 'part of the numbers'
            else 'bands'
        end as prediction_status,
        case
            when partners.is_terminated then 'the contract has ended'
            when partners.is_future then 'the contract begins after the scored week'
            when expected.partner_id is null
                then 'there is no score to predict from: ' || coalesce(outcome_scores.status_reason, 'the contract ended before it began')
        end as unscored_reason,
        case
            when not partners.is_terminated and expected.partner_id is null and coalesce(outcome_scores.tenure_week, 0) < rules.unscored_weeks
                then {{ add_weeks('partners.contract_week', 'cast(rules.unscored_weeks as integer) + 1') }}
        end as scored_from,
        expected.engagement_likelihood,
        expected.productive_likelihood,
        expected.expected_revenue,
        intervals.low_ratio,
        intervals.high_ratio,
        intervals.residuals,
        coalesce(intervals.basis, 'too few') as interval_basis,
        expected.revenue_likelihood,
        first_numbers.first_residual_on,
        {%- for name in predicted %}
        fits.{{ name }}_basis,
        fits.{{ name }}_events,
        fits.{{ name }}_available_from{{ ',' if not loop.last }}
        {%- endfor %}
    from partners
    inner join partner_segments on partners.partner_id = partner_segments.partner_id
    cross join first_numbers
    cross join rules
    left join outcome_scores
        on partners.partner_id = outcome_scores.partner_id and partners.last_week = outcome_scores.week_start
    left join expected on partners.partner_id = expected.partner_id
    left join fits on expected.week_start = fits.origin_week
    left join intervals
        on expected.week_start = intervals.origin_week and expected.likelihood_tenth = intervals.likelihood_tenth
)

select
    partner_id,
    week_start,
    segment,
    prediction_status,
    {%- for name in ['engagement', 'productive'] %}
    {{ likelihood_band(name ~ '_likelihood') }} as {{ name }}_likelihood_band,
    {{ band_range(likelihood_band(name ~ '_likelihood')) }} as {{ name }}_likelihood_range,
    {%- endfor %}
    {%- for name in predicted %}
    coalesce(unscored_reason, {{ missing_number(name) }}) as {{ name }}_missing,
    {%- endfor %}
    case
        when unscored_reason is not null or revenue_basis != 'number' then 'as the expectation'
        when interval_basis = 'none expected'
            then 'no revenue is the likely outcome (' || {{ likelihood_in_words('1 - revenue_likelihood') }} || '), so that an amount has no interval'
        when interval_basis = 'too few'
            then coalesce({{ whole('residuals') }}, '0') || ' earlier predictions of this likelihood have a known outcome and an interval needs '
                || {{ whole(parameter('prediction_least_residuals')) }}
    end as interval_missing,
    {%- for name in ['engagement', 'productive'] %}
    case when {{ name }}_basis = 'number' then {{ name }}_likelihood end as {{ name }}_likelihood,
    {%- endfor %}
    case when revenue_basis = 'number' then round(expected_revenue, 2) end as expected_revenue,
    case when revenue_basis = 'number' then round(expected_revenue * low_ratio, 2) end as expected_revenue_low,
    case when revenue_basis = 'number' then round(expected_revenue * high_ratio, 2) end as expected_revenue_high,
    {%- for name in predicted %}
    coalesce(scored_from, {{ name }}_available_from) as {{ name }}_available_from,
    {%- endfor %}
    case
        when revenue_basis = 'number' and interval_basis = 'too few' and first_residual_on > week_start then first_residual_on
    end as interval_available_from
from gathered
