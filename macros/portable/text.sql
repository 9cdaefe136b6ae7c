{# True when the whole of a text matches a regular expression. #}
{% macro full_match(text_expr, pattern) -%}
    {{ return(adapter.dispatch('full_match', 'partner_scoring')(text_expr, pattern)) }}
{%- endmacro %}

{% macro default__full_match(text_expr, pattern) -%}
    regexp_full_match({{ text_expr }}, '{{ pattern }}')
{%- endmacro %}

{# `$` would let a line end pass. #}
{% macro spark__full_match(text_expr, pattern) -%}
    rlike({{ text_expr }}, r'\A(?:{{ pattern }})\z')
{%- endmacro %}

{# UTC timestamp of a text that carries its offset; null when it is no moment. #}
{% macro utc_timestamp(text_expr) -%}
    {{ return(adapter.dispatch('utc_timestamp', 'partner_scoring')(text_expr)) }}
{%- endmacro %}

{% macro default__utc_timestamp(text_expr) -%}
    (try_cast({{ text_expr }} as timestamptz) at time zone 'UTC')
{%- endmacro %}

{# The session of a Spark target runs in UTC (profiles.yml). #}
{% macro spark__utc_timestamp(text_expr) -%}
    try_cast({{ text_expr }} as timestamp)
{%- endmacro %}

{# The texts of a group in one, in an order. #}
{% macro texts_in_one(text_expr, order, separator=', ', condition='true') -%}
    {{ return(adapter.dispatch('texts_in_one', 'partner_scoring')(text_expr, order, separator, condition)) }}
{%- endmacro %}

{% macro default__texts_in_one(text_expr, order, separator, condition) -%}
    string_agg({{ text_expr }}, '{{ separator }}' order by {{ order }}) filter (where {{ condition }})
{%- endmacro %}

{% macro spark__texts_in_one(text_expr, order, separator, condition) -%}
    listagg({{ text_expr }}, '{{ separator }}') within group (order by {{ order }}) filter (where {{ condition }})
{%- endmacro %}

{# Values in one text, each told from its neighbours and from none. #}
{% macro text_of(columns) -%}
    {%- for column in columns -%}
    {{ "|| ' / ' || " if not loop.first }}coalesce(cast({{ column }} as {{ dbt.type_string() }}), '')
    {%- endfor -%}
{%- endmacro %}
