-- One row per partner, official framework and explained week (the last one, the one before it, a quarter
-- before): metrics as scored and their scores, side by side.
with partners as (
    select * from {{ ref('partners') }}
),

weeks as (
    {%- for weeks_back in weeks_explained() %}
    select partner_id, {{ add_weeks('last_week', -weeks_back) }} as week_start, {{ weeks_back }} as weeks_back
    from partners
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

metric_scores as (
    select * from {{ ref('metric_scores') }} where is_official
),

observed as (
    select * from {{ ref('scored_metrics') }}
)

select
    weeks.weeks_back,
    metric_scores.*
    {%- for metric in metrics() %},
    observed.{{ metric.name }},
    {{ 'observed.' ~ metric.evidence if metric.evidence else 'cast(null as double)' }} as {{ metric.name }}__evidence
    {%- endfor %}
from weeks
inner join metric_scores on weeks.partner_id = metric_scores.partner_id and weeks.week_start = metric_scores.week_start
inner join observed on weeks.partner_id = observed.partner_id and weeks.week_start = observed.week_start
