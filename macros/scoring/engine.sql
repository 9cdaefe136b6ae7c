{# The engine: the score (0 to 100) and the credibility of every metric, of each row of `metrics_of_weeks`
   (a relation like `scored_metrics`) under each framework that scores its week. `carried`: further
   columns of that relation to pass on. #}
{% macro metric_scores_of(metrics_of_weeks, carried=[]) -%}
with last_knot as (
    select max(tenure_week) as tenure_week from {{ ref('effective_weights_wide') }}
),

credible as (
    select
        {%- for column in carried %}
        observed.{{ column }} as {{ column }}__carried,
        {%- endfor %}
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
    from {{ metrics_of_weeks }} as observed
    cross join last_knot
    inner join {{ ref('partner_segments') }} as partner_segments on observed.partner_id = partner_segments.partner_id
    inner join {{ ref('framework_weeks') }} as framework_weeks on observed.week_start = framework_weeks.week_start
    inner join {{ ref('framework_parameters') }} as parameters
        on
            framework_weeks.framework = parameters.framework
            and partner_segments.segment = parameters.segment
)

select
    {%- for column in carried %}
    credible.{{ column }}__carried as {{ column }},
    {%- endfor %}
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
inner join {{ ref('framework_parameters') }} as parameters
    on
        credible.framework = parameters.framework
        and credible.segment = parameters.segment
{%- endmacro %}

{# Sums of the layers of a week over the frameworks that share it: `total` is an aggregate where two
   versions are blended and the value itself where one has the week to itself. #}
{% macro blended_columns(total) -%}
    {%- for outcome in outcomes() %}
    {%- for layer in layers() %},
    {{ total('framework_share * ' ~ outcome ~ '_' ~ layer ~ '_points') }} as {{ outcome }}_{{ layer }}_points,
    {{ total('framework_share * ' ~ outcome ~ '_' ~ layer ~ '_weight') }} as {{ outcome }}_{{ layer }}_weight
    {%- endfor %},
    {{ total('framework_share * ' ~ outcome ~ '_coverage') }} as {{ outcome }}_coverage,
    {{ total('framework_share * ' ~ outcome ~ '_confidence') }} as {{ outcome }}_confidence,
    {{ total('framework_share * ' ~ outcome ~ '_overlay') }} as {{ outcome }}_overlay_asked
    {%- endfor %}
{%- endmacro %}

{% macro summed(expression) -%} sum({{ expression }}) {%- endmacro %}

{% macro as_it_is(expression) -%} {{ expression }} {%- endmacro %}

{# The score before smoothing from the points of its layers: their sum and the overlay, within 0 to 100. #}
{% macro points_of_layers(outcome) -%}
    ({% for layer in layers() %}{{ outcome }}_{{ layer }}_points{{ ' + ' if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro raw_score(outcome, overlay) -%}
    least(greatest({{ points_of_layers(outcome) }} + {{ overlay }}, 0), 100)
{%- endmacro %}
