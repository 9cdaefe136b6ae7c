{# True when the whole of a text matches a regular expression. #}
{% macro full_match(text_expr, pattern) -%}
    {{ return(adapter.dispatch('full_match', 'partner_scoring')(text_expr, pattern)) }}
{%- endmacro %}

{% macro default__full_match(text_expr, pattern) -%}
    regexp_full_match({{ text_expr }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__full_match(text_expr, pattern) -%}
    rlike({{ text_expr }}, r'^(?:{{ pattern }})$')
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
