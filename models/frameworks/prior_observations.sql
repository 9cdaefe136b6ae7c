-- One row per partner, metric with evidence and period, for its segment and for the baseline of everybody:
-- what priors are estimated from. Where a metric has a window there are two that do not overlap.
with partners as (
    select * from {{ ref('partners') }}
),

partner_metrics as (
    select * from {{ ref('partner_metrics') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

periods as (
    {%- for metric in metrics() if metric.evidence %}
    {%- for period in ([0, 1] if metric.window_weeks else [0]) %}
    select
        partner_metrics.partner_id,
        '{{ metric.name }}' as metric,
        {{ period }} as period,
        {{ 'true' if metric.window_weeks else 'false' }} as has_window,
        partner_metrics.{{ metric.evidence }} as n,
        partner_metrics.{{ metric.name }} as x
    from partner_metrics
    inner join partners
        on
            partner_metrics.partner_id = partners.partner_id
            and {{ add_weeks('partners.last_week', -period * (metric.window_weeks or 0)) }} = partner_metrics.week_start
    where partner_metrics.{{ metric.evidence }} > 0 and partner_metrics.{{ metric.name }} is not null
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
    from partner_metrics, partners
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
