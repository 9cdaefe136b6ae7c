-- One row per framework and segment: anchors and priors of every metric, side by side, on the
-- scale (linear or log1p) and in the currency in which scores are computed.
with amounts as (
    select * from {{ ref('resolved_anchors') }}
),

scaled as (
    select
        *,
        case when scale = 'log1p' then ln(1 + floor_value) else floor_value end as floor_at,
        case when scale = 'log1p' then ln(1 + target_value) else target_value end as target_at,
        case when scale = 'log1p' then ln(1 + stretch_value) else stretch_value end as stretch_at
    from amounts
)

select
    framework,
    segment,
    cast({{ parameter('target_score') }} as double) as target_points,
    100.0 - cast({{ parameter('target_score') }} as double) as stretch_points
    {%- for metric in metrics() %},
    max(floor_at) filter (where metric = '{{ metric.name }}') as {{ metric.name }}__floor,
    max(target_at) filter (where metric = '{{ metric.name }}') as {{ metric.name }}__target,
    max(stretch_at) filter (where metric = '{{ metric.name }}') as {{ metric.name }}__stretch,
    max(prior_value) filter (where metric = '{{ metric.name }}') as {{ metric.name }}__prior,
    max(prior_strength) filter (where metric = '{{ metric.name }}') as {{ metric.name }}__prior_strength
    {%- endfor %}
from scaled
group by framework, segment
