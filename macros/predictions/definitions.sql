{# The weekly figures that an outcome may count: name in `outcome_definitions` -> expression over a row
   of `partner_weeks` (money in cents, `scale` of them to a unit). #}
{% macro countable_figures() %}
    {{ return({
        'active_weeks': {'weekly': 'case when active_activities > 0 then 1 else 0 end', 'scale': 1},
        'sourced_revenue': {'weekly': 'sourced_revenue_cents', 'scale': 100},
        'deals_won': {'weekly': 'deals_won', 'scale': 1},
        'leads_accepted': {'weekly': 'leads_accepted', 'scale': 1},
    }) }}
{% endmacro %}

{# Whether a week is one that predictions are fitted and judged on: the first of a calendar month. The
   same weeks whenever one looks, so a fit of last year is the same today. #}
{% macro is_origin(week_start_expr) -%}
    extract(day from {{ week_start_expr }}) <= 7
{%- endmacro %}

{# Whether a week is one of those, or the last scored one: what is expected now is expected at its end. #}
{% macro is_predicted_from(week_start_expr) -%}
    ({{ is_origin(week_start_expr) }} or {{ week_start_expr }} = (select as_of_week from {{ ref('score_horizon') }}))
{%- endmacro %}

{# Calendar months that an outcome's window covers, at least one: so many windows of monthly weeks overlap. #}
{% macro overlap(definition) -%}
    greatest(cast(({{ definition }}.last_week - {{ definition }}.first_week + 1) * 12 as double) / 52, 1)
{%- endmacro %}

{# Log odds of a likelihood, and back. #}
{% macro log_odds(likelihood) -%}
    ln(({{ likelihood }}) / (1 - ({{ likelihood }})))
{%- endmacro %}

{% macro likelihood_of(log_odds) -%}
    (1 / (1 + exp(-({{ log_odds }}))))
{%- endmacro %}
