{# The share of a metric in its layer; null where the layer has no weight. #}
{% macro share_of_layer(weights, outcome, layer, metric) -%}
    {{ weights }}.{{ outcome }}__{{ metric.name }} / nullif({{ weights }}.{{ outcome }}__{{ layer }}, 0)
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
