-- One row per partner, week and framework that scores it: the score (0 to 100) of every metric and its
-- credibility (null: not observed, the prior of the segment stands in). The one engine of all frameworks.
{{ config(materialized='view') }}

with observed as (
    select * from {{ ref('scored_metrics') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

framework_weeks as (
    select * from {{ ref('framework_weeks') }}
),

parameters as (
    select * from {{ ref('framework_parameters') }}
),

last_knot as (
    select max(tenure_week) as tenure_week from {{ ref('effective_weights_wide') }}
),

credible as (
    select
        observed.partner_id,
        observed.week_start,
        observed.tenure_week,
        -- What the last knot of the layer weights says holds on. A join on `least(...)` would compare
        -- every week with every other.
        least(observed.tenure_week, last_knot.tenure_week) as weights_week,
        partner_segments.segment,
        framework_weeks.framework,
        framework_weeks.leading_version,
        framework_weeks.is_leading,
        framework_weeks.is_official,
        framework_weeks.share as framework_share
        {%- for metric in metrics() %},
        {{ credibility(metric) }} as {{ metric.name }}__credibility,
        {{ credible_value(metric) }} as {{ metric.name }}
        {%- endfor %}
    from observed
    cross join last_knot
    inner join partner_segments on observed.partner_id = partner_segments.partner_id
    inner join framework_weeks on observed.week_start = framework_weeks.week_start
    inner join parameters
        on
            framework_weeks.framework = parameters.framework
            and partner_segments.segment = parameters.segment
)

select
    credible.partner_id,
    credible.week_start,
    credible.tenure_week,
    credible.weights_week,
    credible.segment,
    credible.framework,
    credible.leading_version,
    credible.is_leading,
    credible.is_official,
    credible.framework_share
    {%- for metric in metrics() %},
    {{ anchored_score(metric, 'credible.' ~ metric.name) }} as {{ metric.name }}__score,
    credible.{{ metric.name }}__credibility
    {%- endfor %}
from credible
inner join parameters
    on
        credible.framework = parameters.framework
        and credible.segment = parameters.segment
