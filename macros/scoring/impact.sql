{# The share of a metric in its layer; null where the layer has no weight. #}
{% macro share_of_layer(weights, outcome, layer, metric) -%}
    {{ weights }}.{{ outcome }}__{{ metric.name }} / nullif({{ weights }}.{{ outcome }}__{{ layer }}, 0)
{%- endmacro %}

{# A version beside the one it is based on: for each partner and week of the current quarter the scores of
   metrics under both, and the weights of both. #}
{% macro both_versions() -%}
    select
        weights.*,
        after.partner_id,
        after.week_start
        {%- for metric in metrics() %},
        before.{{ metric.name }}__score as {{ metric.name }}__before,
        after.{{ metric.name }}__score as {{ metric.name }}__after
        {%- endfor %}
    from {{ ref('version_weights') }} as weights
    inner join {{ ref('impact_metric_scores') }} as after
        on
            weights.framework = after.framework
            and weights.segment = after.segment
            and weights.tenure_week = after.weights_week
    inner join {{ ref('impact_metric_scores') }} as before
        on
            weights.base_framework = before.framework
            and after.partner_id = before.partner_id
            and after.week_start = before.week_start
{%- endmacro %}

{# Points that one metric gives or takes between two versions because of one cause: with several factors that
   change, each change is counted at the mean of the others, so that the causes add up exactly. #}
{% macro impact_points(cause, outcome, layer, metric) -%}
    {%- set weight, share, score = outcome ~ '__' ~ layer, outcome ~ '__' ~ metric.name, metric.name -%}
    {%- if cause == 'layer_weight' -%}
    ({{ weight }}__after - {{ weight }}__before) * ({{ share }}__before * {{ score }}__before + {{ share }}__after * {{ score }}__after) / 2
    {%- elif cause == 'metric_weight' -%}
    ({{ weight }}__after + {{ weight }}__before) / 2 * ({{ share }}__after - {{ share }}__before) * ({{ score }}__after + {{ score }}__before) / 2
    {%- else -%}
    ({{ weight }}__after + {{ weight }}__before) / 2 * ({{ share }}__after + {{ share }}__before) / 2 * ({{ score }}__after - {{ score }}__before)
    {%- endif -%}
{%- endmacro %}

{# Why a version scores otherwise: layers or metrics weigh otherwise, or the same value of a metric is rated
   otherwise (anchors, priors). #}
{% macro impact_causes() %}
    {{ return(['layer_weight', 'metric_weight', 'rating']) }}
{% endmacro %}
