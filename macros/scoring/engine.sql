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
