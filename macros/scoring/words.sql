{# A metric's value in words: percent for ratios, whole units and the currency for money, one decimal otherwise. #}
{% macro value_in_words(value, unit) -%}
    case
        when {{ unit }} = 'ratio' then cast(cast(round(100 * {{ value }}) as bigint) as {{ dbt.type_string() }}) || '%'
        when {{ unit }} like 'currency%'
            then cast(cast(round({{ value }}) as bigint) as {{ dbt.type_string() }}) || ' {{ var("reporting_currency") }}'
                || replace({{ unit }}, 'currency', '')
        when abs({{ value }} - round({{ value }})) < 0.05
            then cast(cast(round({{ value }}) as bigint) as {{ dbt.type_string() }})
        else cast(cast({{ value }} as decimal(18, 1)) as {{ dbt.type_string() }})
    end
{%- endmacro %}
