-- One row per partner, metric with evidence and period, for its segment and for the baseline of everybody:
-- what priors are estimated from. Where a metric has a window there are two that do not overlap.
{%- set evidenced, offsets = [], [0] %}
{%- for metric in metrics() if metric.evidence %}
{%- do evidenced.append(metric) %}
{%- if metric.window_weeks and metric.window_weeks not in offsets %}
{%- do offsets.append(metric.window_weeks) %}
{%- endif %}
{%- endfor %}
with partners as (
    select * from {{ ref('partners') }}
),

weeks as (
    {{ weeks_before_the_last('partners', offsets) }}
),

-- The few weeks are chosen first, once for all metrics.
chosen as (
    select
        weeks.weeks_back,
        partner_metrics.*
    from {{ ref('partner_metrics') }} as partner_metrics
    inner join weeks
        on partner_metrics.partner_id = weeks.partner_id and partner_metrics.week_start = weeks.week_start
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

periods as (
    {%- for metric in evidenced %}
    {%- for period in ([0, 1] if metric.window_weeks else [0]) %}
    select
        partner_id,
        '{{ metric.name }}' as metric,
        {{ period }} as period,
        {{ 'true' if metric.window_weeks else 'false' }} as has_window,
        {{ metric.evidence }} as n,
        {{ metric.name }} as x
    from chosen
    where weeks_back = {{ period * (metric.window_weeks or 0) }} and {{ metric.evidence }} > 0 and {{ metric.name }} is not null
    union all
    {%- endfor %}
    {%- endfor %}
    select
        cast(null as {{ dbt.type_string() }}) as partner_id,
        cast(null as {{ dbt.type_string() }}) as metric,
        cast(null as integer) as period,
        cast(null as boolean) as has_window,
        cast(null as double) as n,
        cast(null as double) as x
    from chosen
    where false
)

select
    segments.segment,
    periods.partner_id,
    periods.metric,
    periods.period,
    periods.has_window,
    periods.n,
    periods.x
from periods
inner join partner_segments on periods.partner_id = partner_segments.partner_id
inner join {{ ref('segments') }} as segments
    on segments.segment in (partner_segments.segment, 'baseline')
