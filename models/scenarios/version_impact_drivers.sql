-- One row per partner, outcome, framework version that is based on another, and metric that scores otherwise in the
-- last week: how many points it gives or takes, by cause.
{%- set judged = [] %}
{%- for outcome in outcomes() %}
{%- for metric in metrics_of(outcome) %}
{%- do judged.append((outcome, metric)) %}
{%- endfor %}
{%- endfor %}
with both_versions as (
    select * from {{ ref('impact_rows') }}
),

version_pairs as (
    select * from {{ ref('version_pairs') }}
),

last_week as (
    select *
    from both_versions
    where week_start = (select as_of_week from {{ ref('score_horizon') }})
),

split as (
    {%- for outcome, metric in judged %}
    select
        partner_id,
        week_start,
        framework,
        '{{ outcome }}' as outcome,
        '{{ metric.name }}' as metric,
        {{ metric.name }}__before as metric_score_before,
        {{ metric.name }}__after as metric_score_after,
        {{ outcome }}__{{ metric.layer }}__before * {{ outcome }}__{{ metric.name }}__before as weight_before,
        {{ outcome }}__{{ metric.layer }}__after * {{ outcome }}__{{ metric.name }}__after as weight_after
        {%- for cause in impact_causes() %},
        {{ impact_points(cause, outcome, metric.layer, metric) }} as {{ cause }}_points
        {%- endfor %}
    from last_week
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select * from last_week
    {%- endfor %}
)

select
    split.partner_id,
    split.week_start,
    split.outcome,
    version_pairs.framework_version,
    version_pairs.base_version,
    split.metric,
    split.metric_score_before,
    split.metric_score_after,
    split.weight_before,
    split.weight_after,
    split.layer_weight_points,
    split.metric_weight_points,
    split.rating_points,
    split.layer_weight_points + split.metric_weight_points + split.rating_points as points
from split
inner join version_pairs on split.framework = version_pairs.framework
where abs(split.layer_weight_points) + abs(split.metric_weight_points) + abs(split.rating_points) > 0.000001
