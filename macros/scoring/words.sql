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

{# A value to reach in words, rounded to the better side, so that the one that is read is enough. #}
{% macro needed_in_words(value, unit, better) -%}
    {%- set digits = 'case when ' ~ unit ~ " = 'ratio' then 100 when " ~ unit ~ " like 'currency%' then 1 else 10 end" -%}
    {%- set parts = 'round(' ~ value ~ ' * ' ~ digits ~ ', 6)' -%}
    {{ value_in_words(
        "(case when " ~ better ~ " = 'lower' then floor(" ~ parts ~ ") else ceil(" ~ parts ~ ") end / cast(" ~ digits ~ " as double))", unit
    ) }}
{%- endmacro %}
