-- One row per partner and week: every metric and the observations behind it, side by side.
{{ config(**by_changed_partner()) }}

with partner_weeks as (
    {{ changed_rows(ref('partner_weeks')) }}
)

select
    partner_weeks.partner_id,
    partner_weeks.week_start,
    partner_weeks.tenure_week
    {%- for metric in metrics() %},
    {{ metric.family }}.{{ metric.name }}
    {%- if metric.evidence %},
    {{ metric.family }}.{{ metric.evidence }}
    {%- endif %}
    {%- endfor %}
from partner_weeks
{%- for family in [ref('fit_metrics'), ref('capability_metrics'), ref('engagement_metrics'),
    ref('early_performance_metrics'), ref('performance_metrics'), ref('sustained_metrics')] %}
inner join {{ family }} as {{ family.identifier }}
    on
        partner_weeks.partner_id = {{ family.identifier }}.partner_id
        and partner_weeks.week_start = {{ family.identifier }}.week_start
{%- endfor %}
