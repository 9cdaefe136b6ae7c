{# A number from 0 to under 1 that follows from a text and looks drawn at random: the first 48 bits of its MD5.
   The same on every engine and in every run. #}
{% macro uniform_of(text_expr) -%}
    {{ return(adapter.dispatch('uniform_of', 'partner_scoring')(text_expr)) }}
{%- endmacro %}

{% macro default__uniform_of(text_expr) -%}
    {#- `md5_number` has the first byte last; as text and read again it would take twice as long. The engine
        computes the same expression once. -#}
    {%- set bits = 'cast(md5_number(' ~ text_expr ~ ') & 281474976710655 as bigint)' -%}
    ((
        (({{ bits }} & 255) << 40)
        | (({{ bits }} & 65280) << 24)
        | (({{ bits }} & 16711680) << 8)
        | (({{ bits }} >> 8) & 16711680)
        | (({{ bits }} >> 24) & 65280)
        | ({{ bits }} >> 40)
    ) / 281474976710656.0)
{%- endmacro %}

{% macro spark__uniform_of(text_expr) -%}
    (cast(conv(substr(md5({{ text_expr }}), 1, 12), 16, 10) as bigint) / 281474976710656D)
{%- endmacro %}
