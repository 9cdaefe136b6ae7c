-- One row per partner and week: every metric as the score uses it. When a source breaks, the last
-- values from before stay: silence of a broken source says nothing about a partner.
-- The table is named in each place: a common expression would be kept whole, whichever weeks a reader wants.
{{ config(materialized='view') }}

with fresh_until as (
    select
        coalesce(min(fresh_until), cast('9999-12-27' as date)) as every_metric
        {%- for metric in metrics() %},
        coalesce(max(fresh_until) filter (where metric = '{{ metric.name }}'), cast('9999-12-27' as date)) as {{ metric.name }}
        {%- endfor %}
    from {{ ref('metric_availability') }}
),

held as (
    select
        partner_metrics.partner_id
        {%- for metric in metrics() %}
        {%- for column in [metric.name] + ([metric.evidence] if metric.evidence else []) %},
        max(partner_metrics.{{ column }}) filter (where partner_metrics.week_start = fresh_until.{{ metric.name }}) as {{ column }}
        {%- endfor %}
        {%- endfor %}
    from {{ ref('partner_metrics') }} as partner_metrics
    cross join fresh_until
    where partner_metrics.week_start >= fresh_until.every_metric
    group by partner_metrics.partner_id
)

select
    partner_id,
    week_start,
    tenure_week
    {%- for metric in metrics() %}
    {%- for column in [metric.name] + ([metric.evidence] if metric.evidence else []) %},
    {{ column }}
    {%- endfor %}
    {%- endfor %}
from {{ ref('partner_metrics') }}
where week_start <= (select every_metric from fresh_until)
union all
select
    partner_metrics.partner_id,
    partner_metrics.week_start,
    partner_metrics.tenure_week
    {%- for metric in metrics() %}
    {%- for column in [metric.name] + ([metric.evidence] if metric.evidence else []) %},
    case
        when partner_metrics.week_start > fresh_until.{{ metric.name }} then held.{{ column }}
        else partner_metrics.{{ column }}
    end as {{ column }}
    {%- endfor %}
    {%- endfor %}
from {{ ref('partner_metrics') }} as partner_metrics
cross join fresh_until
left join held on partner_metrics.partner_id = held.partner_id
where partner_metrics.week_start > fresh_until.every_metric
