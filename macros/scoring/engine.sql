{# Rows of `metrics_of_weeks` (a relation like `scored_metrics`) under each framework that scores their week. #}
{% macro under_frameworks(metrics_of_weeks) -%}
    select
        metrics_of_weeks.*,
        partner_segments.segment,
        framework_weeks.framework,
        framework_weeks.leading_version,
        framework_weeks.is_leading,
        framework_weeks.is_official,
        framework_weeks.share as framework_share
    from {{ metrics_of_weeks }} as metrics_of_weeks
    inner join {{ ref('partner_segments') }} as partner_segments on metrics_of_weeks.partner_id = partner_segments.partner_id
    inner join {{ ref('framework_weeks') }} as framework_weeks on metrics_of_weeks.week_start = framework_weeks.week_start
{%- endmacro %}

{# What `under_frameworks` says of a framework in the week, to be carried on. #}
{% macro framework_columns() %}
    {{ return(['leading_version', 'is_leading', 'is_official', 'framework_share']) }}
{% endmacro %}

{# The engine: the score (0 to 100) and the credibility of every metric, of each row of `framework_rows`: metrics
   of a partner and week with the segment and the framework to score them by. `carried`: further columns to
   pass on. #}
{% macro metric_scores_of(framework_rows, carried=[]) -%}
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
        observed.segment,
        observed.framework,
        -- What the last knot of the layer weights says holds on. A join on `least(...)` would compare
        -- every week with every other.
        least(observed.tenure_week, last_knot.tenure_week) as weights_week
        {%- for metric in metrics() %},
        {{ credibility(metric) }} as {{ metric.name }}__credibility,
        {{ credible_value(metric) }} as {{ metric.name }}
        {%- endfor %}
    from {{ framework_rows }} as observed
    cross join last_knot
    inner join {{ ref('framework_parameters') }} as parameters
        on
            observed.framework = parameters.framework
            and observed.segment = parameters.segment
)

select
    {%- for column in carried %}
    credible.{{ column }}__carried as {{ column }},
    {%- endfor %}
    credible.partner_id,
    credible.week_start,
    credible.tenure_week,
    credible.segment,
    credible.framework,
    credible.weights_week
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

{# Points and weight of every layer, coverage, confidence and overlay of both outcomes, from the scores of
   metrics (a relation as the engine makes it). `carried`: further columns of it to pass on. #}
{% macro layer_points_of(metric_scores, carried=[]) -%}
select
    metric_scores.partner_id,
    metric_scores.week_start,
    metric_scores.tenure_week,
    metric_scores.segment,
    metric_scores.framework
    {%- for column in carried %},
    metric_scores.{{ column }}
    {%- endfor %}
    {%- for outcome in outcomes() %}
    {%- for layer in layers() %},
    0 {% for metric in metrics_of(outcome, layer) -%}
    + weights.{{ outcome }}__{{ metric.name }} * metric_scores.{{ metric.name }}__score
    {% endfor -%} as {{ outcome }}_{{ layer }}_points,
    weights.{{ outcome }}__{{ layer }} as {{ outcome }}_{{ layer }}_weight
    {%- endfor %},
    0 {% for metric in metrics_of(outcome) -%}
    + case when metric_scores.{{ metric.name }}__credibility is not null then weights.{{ outcome }}__{{ metric.name }} else 0 end
    {% endfor -%} as {{ outcome }}_coverage,
    0 {% for metric in metrics_of(outcome) -%}
    + coalesce(metric_scores.{{ metric.name }}__credibility, 0) * weights.{{ outcome }}__{{ metric.name }}
    {% endfor -%} as {{ outcome }}_confidence,
    coalesce(adjustments.{{ outcome }}_points, 0) as {{ outcome }}_overlay
    {%- endfor %}
from {{ metric_scores }} as metric_scores
inner join {{ ref('effective_weights_wide') }} as weights
    on
        metric_scores.framework = weights.framework
        and metric_scores.segment = weights.segment
        and metric_scores.weights_week = weights.tenure_week
left join {{ ref('partner_adjustments') }} as adjustments
    on metric_scores.partner_id = adjustments.partner_id and metric_scores.framework = adjustments.framework
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
