{# The share of a day's claims that a pool can still bear, after those of the days before. Rows of `days` are a
   day of a pool, with what was `asked` on it; `pool_key` names the pool. #}
{% macro share_of_what_is_left(pool, days, pool_key) -%}
    greatest(0.0, least(1.0, ({{ pool }} - coalesce(sum({{ days }}.asked) over (
        partition by {% for column in pool_key %}{{ days }}.{{ column }}{{ ', ' if not loop.last }}{% endfor %} order by {{ days }}.earned_on asc nulls last
        rows between unbounded preceding and 1 preceding
    ), 0)) / nullif({{ days }}.asked, 0)))
{%- endmacro %}

{# An amount in whole cents, rounded down, so that parts never add up to more than the whole. #}
{% macro whole_cents(amount) -%}
    floor(100 * ({{ amount }}) + 0.000001) / 100
{%- endmacro %}
