{# The joins for what partners of `rows` (partner_id) booked in a span of weeks: from after `week_before` to
   the end of `last_week`, both clipped to the weeks that the partner has. Where it has none before, nothing
   was booked before. `name` tells several spans apart; `revenue_between(name)` is the amount. #}
{% macro join_revenue(rows, week_before, last_week, name='span') -%}
    inner join {{ ref('partners') }} as {{ name }}_partners on {{ rows }}.partner_id = {{ name }}_partners.partner_id
    left join {{ ref('running_revenue') }} as {{ name }}_before
        on
            {{ rows }}.partner_id = {{ name }}_before.partner_id
            and least({{ week_before }}, {{ name }}_partners.last_week) = {{ name }}_before.week_start
    left join {{ ref('running_revenue') }} as {{ name }}_end
        on
            {{ rows }}.partner_id = {{ name }}_end.partner_id
            and least({{ last_week }}, {{ name }}_partners.last_week) = {{ name }}_end.week_start
{%- endmacro %}

{% macro revenue_between(name='span') -%}
    (coalesce({{ name }}_end.revenue_to_date, 0) - coalesce({{ name }}_before.revenue_to_date, 0))
{%- endmacro %}
