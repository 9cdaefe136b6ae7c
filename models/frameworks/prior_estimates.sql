-- One row per segment and metric with evidence: the prior and its strength k as the data say, beside
-- those in force. For people to look at when they write the next version; no score reads it.
-- Buehlmann-Straub: k = v / a, the variance within partners over that between them. Where a metric has
-- a window, v comes from two windows that do not overlap; a ratio without one is binomial.
with of_segments as (
    select * from {{ ref('prior_observations') }}
),

of_partners as (
    select
        segment,
        metric,
        has_window,
        partner_id,
        sum(n) as n,
        sum(n * x) / sum(n) as x,
        -- Of several periods: how far they lie from the partner's own mean.
        sum(n * x * x) - sum(n * x) * sum(n * x) / sum(n) as squares_within,
        count(*) - 1 as freedom_within
    from of_segments
    group by segment, metric, has_window, partner_id
),

totals as (
    select
        segment,
        metric,
        has_window,
        count(*) as partners,
        sum(n) as n,
        sum(n * n) as n_squared,
        sum(n * x) / sum(n) as x,
        sum(n * x * x) - sum(n * x) * sum(n * x) / sum(n) as squares_between,
        greatest(sum(squares_within), 0) / nullif(sum(freedom_within), 0) as variance_of_periods
    from of_partners
    group by segment, metric, has_window
),

variances as (
    select
        *,
        case when has_window then variance_of_periods else x * (1 - x) end as variance_within
    from totals
),

strengths as (
    select
        *,
        (squares_between - (partners - 1) * variance_within)
        / nullif(n - n_squared / n, 0) as variance_between
    from variances
),

bounded as (
    select
        *,
        case
            when partners < {{ parameter('least_partners_for_estimates') }} or variance_within is null then null
            -- Partners that differ no more than chance would have it: the prior is all there is.
            when coalesce(variance_between, 0) <= 0 then {{ parameter('most_prior_strength') }}
            else least(greatest(
                variance_within / variance_between, {{ parameter('least_prior_strength') }}
            ), {{ parameter('most_prior_strength') }})
        end as strength
    from strengths
),

priors as (
    select
        of_partners.segment,
        of_partners.metric,
        sum(of_partners.n / (of_partners.n + bounded.strength) * of_partners.x)
        / sum(of_partners.n / (of_partners.n + bounded.strength)) as prior
    from of_partners
    inner join bounded on of_partners.segment = bounded.segment and of_partners.metric = bounded.metric
    where bounded.strength is not null
    group by of_partners.segment, of_partners.metric
),

in_force as (
    select anchors.*
    from {{ ref('resolved_anchors') }} as anchors
    inner join {{ ref('frameworks') }} as frameworks on anchors.framework = frameworks.framework
    inner join {{ ref('framework_weeks') }} as weeks on frameworks.framework = weeks.framework
    where
        weeks.is_official
        and weeks.is_leading
        and weeks.week_start = (select max(week_start) from {{ ref('framework_weeks') }})
)

select
    bounded.segment,
    bounded.metric,
    in_force.framework_version,
    cast(bounded.partners as integer) as partners,
    bounded.n as observations,
    in_force.prior_value,
    priors.prior as estimated_prior_value,
    -- As the policy table states it: money in euros.
    case
        when definitions.unit like 'currency%' then priors.prior / cast({{ parameter_rate() }} as double)
        else priors.prior
    end as policy_prior_value,
    in_force.prior_strength,
    bounded.strength as estimated_prior_strength,
    case
        when bounded.strength is null then 'too few partners'
        when coalesce(bounded.variance_between, 0) <= 0 then 'partners do not differ beyond chance'
        when abs(bounded.strength - bounded.variance_within / bounded.variance_between) > 0.000000001 then 'bounded'
        else 'estimated'
    end as basis
from bounded
inner join {{ ref('metric_definitions') }} as definitions on bounded.metric = definitions.metric
inner join in_force on bounded.segment = in_force.segment and bounded.metric = in_force.metric
left join priors on bounded.segment = priors.segment and bounded.metric = priors.metric
