{# A number from 0 to under 1 that follows from a text and looks drawn at random: the first 48 bits of its MD5.
   The same on every engine and in every run. #}
{% macro uniform_of(text_expr) -%}
    {{ return(adapter.dispatch('uniform_of', 'partner_scoring')(text_expr)) }}
{%- endmacro %}

{% macro default__uniform_of(text_expr) -%}
    (cast('0x' || substr(md5({{ text_expr }}), 1, 12) as bigint) / 281474976710656.0)
{%- endmacro %}

{% macro spark__uniform_of(text_expr) -%}
    (cast(conv(substr(md5({{ text_expr }}), 1, 12), 16, 10) as bigint) / 281474976710656D)
{%- endmacro %}
