{# low, medium or high: what stands in for a likelihood while history is short. #}
{% macro likelihood_band(likelihood) -%}
    case
        when {{ likelihood }} >= {{ parameter('prediction_high_from') }} then 'high'
        when {{ likelihood }} >= {{ parameter('prediction_medium_from') }} then 'medium'
        when {{ likelihood }} is not null then 'low'
    end
{%- endmacro %}

{# The range that a band stands for, in words. #}
{% macro band_range(band) -%}
    case {{ band }}
        when 'high' then 'over ' || {{ percent(parameter('prediction_high_from')) }}
        when 'medium' then {{ percent(parameter('prediction_medium_from')) }} || ' to ' || {{ percent(parameter('prediction_high_from')) }}
        when 'low' then 'under ' || {{ percent(parameter('prediction_medium_from')) }}
    end
{%- endmacro %}

{# A share as a percentage in words. #}
{% macro percent(share) -%}
    cast(cast(round(100 * ({{ share }})) as integer) as {{ dbt.type_string() }}) || '%'
{%- endmacro %}

{# A likelihood as a percentage in words: what is rounded up to certainty is not certain. #}
{% macro likelihood_in_words(share) -%}
    case when {{ share }} < 1 and round(100 * ({{ share }})) = 100 then 'over 99%' else {{ percent(share) }} end
{%- endmacro %}

{# A number of outcomes in words. #}
{% macro whole(number) -%}
    cast(cast(floor({{ number }}) as integer) as {{ dbt.type_string() }})
{%- endmacro %}

{# Why there is no number for what is called `name`, from its columns <name>_basis, _events and _available_from. #}
{% macro missing_number(name) -%}
    {%- set basis, independent_events, available_from = name ~ '_basis', name ~ '_events', name ~ '_available_from' -%}
    case {{ basis }}
        when 'nothing known' then 'no outcome of this programme is known yet: the first will be on '
            || cast({{ available_from }} as {{ dbt.type_string() }}) || '{{ '' if name == 'revenue' else '; until then the band is what experts expect' }}'
        when 'band' then {{ whole(independent_events) }} || ' independent outcomes of the rarer kind are known and a number needs '
            || {{ whole(parameter('prediction_least_events')) }} || ': '
            || coalesce('at the present pace from about ' || cast({{ available_from }} as {{ dbt.type_string() }}), 'there is no pace to tell from when on')
    end
{%- endmacro %}
