{# A band as a number, so that bands can be compared: 1 low, 2 medium, 3 high. #}
{% macro band_order(band) -%}
    case {{ band }} when 'low' then 1 when 'medium' then 2 when 'high' then 3 end
{%- endmacro %}

{# Whether a band lies between two bounds of a rule; an empty bound is none, and no band meets no bound. #}
{% macro band_within(band, least, most) -%}
    coalesce({{ least }} is null or {{ band_order(band) }} >= {{ band_order(least) }}, false)
    and coalesce({{ most }} is null or {{ band_order(band) }} <= {{ band_order(most) }}, false)
{%- endmacro %}

{# Whether a rule's segment takes in a partner's: `baseline` takes in all. #}
{% macro is_for_segment(segment, of_rule) -%}
    ({{ of_rule }} = 'baseline' or {{ of_rule }} = {{ segment }})
{%- endmacro %}

{# A number of the policy table `decision_parameters`. #}
{% macro decision_parameter(name) -%}
    (select value from {{ ref('decision_parameters') }} where parameter = '{{ name }}')
{%- endmacro %}

{# The bands of both scores in words. #}
{% macro cell_of(revenue_band, engagement_band) -%}
    {{ revenue_band }} || ' revenue, ' || {{ engagement_band }} || ' engagement'
{%- endmacro %}

{# A difference in words, with its sign and one digit (two where `digits` says so). #}
{% macro difference_in_words(value, digits=1) -%}
    case when {{ value }} > 0 then '+' else '' end || cast(cast({{ value }} as decimal(18, {{ digits }})) as {{ dbt.type_string() }})
{%- endmacro %}
