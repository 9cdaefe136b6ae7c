{# How many activities of these types there were. #}
{% macro count_of(types, condition='true') -%}
    cast(count(*) filter (where {{ type_in(types) }} and {{ condition }}) as integer)
{%- endmacro %}

{# The sum of `quantity` (whole numbers, which doubles add up exactly and twice as fast) over activities of these types. #}
{% macro quantity_of(types, condition='true') -%}
    cast(coalesce(sum(cast(quantity as double)) filter (where {{ type_in(types) }} and {{ condition }}), 0) as integer)
{%- endmacro %}

{# The sum of amounts in cents of the reporting currency: whole numbers add up exactly in any order. #}
{% macro cents_of(types, condition='true') -%}
    cast(coalesce(sum(amount) filter (where {{ type_in(types) }} and {{ condition }}), 0) * 100 as bigint)
{%- endmacro %}

{# On how many different days of the week a condition held. #}
{% macro days_with(condition) -%}
    cast(coalesce(bit_count(bit_or(case when {{ condition }} then day_bit end)), 0) as integer)
{%- endmacro %}

{% macro type_in(types) -%}
    activity_type in ('{{ ([types] if types is string else types) | join("', '") }}')
{%- endmacro %}

{# The additive columns of `partner_weeks`, as its YAML marks them (`unit` in their meta). #}
{% macro weekly_measures() %}
    {% set names = [] %}
    {% if execute %}
        {% set node = graph.nodes['model.' ~ project_name ~ '.partner_weeks'] %}
        {% for column in node.columns.values() if column.config.meta.get('additive') %}
            {% do names.append(column.name) %}
        {% endfor %}
    {% endif %}
    {{ return(names) }}
{% endmacro %}
