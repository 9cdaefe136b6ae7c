{# The name of a scenario's framework. #}
{% macro scenario_framework(scenario) -%}
    'scenario ' || {{ scenario }}
{%- endmacro %}

{# A number as a scenario changes it: `change` is a left join on `framework_changes`, which most rows have not. #}
{% macro changed(number, change='change') -%}
    ({{ number }} * coalesce({{ change }}.factor, 1) + coalesce({{ change }}.addition, 0))
{%- endmacro %}

{# That left join: the change of what `row` is about (a relation with framework and segment). #}
{% macro change_of(what, row, name=none, outcome=none, part=none, change='change') -%}
left join {{ ref('framework_changes') }} as {{ change }}
        on
            {{ row }}.framework = {{ change }}.framework
            and {{ row }}.segment = {{ change }}.segment
            and {{ change }}.changes = '{{ what }}'
            {% if name %}and {{ name }} = {{ change }}.name{% endif %}
            {% if outcome %}and {{ outcome }} = {{ change }}.outcome{% endif %}
            {% if part %}and {{ change }}.part = '{{ part }}'{% endif %}
{%- endmacro %}
