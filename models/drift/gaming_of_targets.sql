-- One row per scored partner: how many of its metrics lie just past their target, within a twentieth of the way that
-- leads there, beside the share among all other partners (binomial). One metric there is a coincidence; many
-- at once are somebody who knows the targets.
with horizon as (
    select * from {{ ref('score_horizon') }}
),

numbers as (
    select
        {{ parameter('gaming_deviations') }} as deviations,
        {{ parameter('gaming_just_past') }} as just_past,
        {{ parameter('gaming_least_metrics') }} as least_metrics
),

partner_metrics as (
    select * from {{ ref('partner_metrics') }}
    where week_start = (select as_of_week from horizon)
),

scores as (
    select * from {{ ref('outcome_scores') }}
    where {{ has_comparable_score('outcome_scores') }} and week_start = (select as_of_week from horizon)
),

metric_values as (
    {%- for metric in metrics() %}
    select partner_id, '{{ metric.name }}' as metric, cast({{ metric.name }} as double) as measured
    from partner_metrics
    where {{ metric.name }} is not null
    union all
    {%- endfor %}
    select
        partner_id,
        cast(null as {{ dbt.type_string() }}) as metric,
        cast(null as double) as measured
    from partner_metrics
    where false
),

frameworks as (
    select framework from {{ ref('framework_weeks') }}
    where week_start = (select as_of_week from horizon) and is_official and is_leading
),

placed as (
    select
        metric_values.partner_id,
        case
            when
                (metric_values.measured - anchors.target_value) / (anchors.target_value - anchors.floor_value) >= 0
                and (metric_values.measured - anchors.target_value) / (anchors.target_value - anchors.floor_value) < numbers.just_past
                then 1.0
            else 0.0
        end as is_just_past
    from metric_values
    inner join scores on metric_values.partner_id = scores.partner_id
    inner join {{ ref('resolved_anchors') }} as anchors
        on metric_values.metric = anchors.metric and scores.segment = anchors.segment
    inner join frameworks on anchors.framework = frameworks.framework
    cross join numbers
    where anchors.target_value != anchors.floor_value
),

counted as (
    select
        partner_id,
        cast(count(*) as double) as records,
        cast(sum(is_just_past) as double) as just_past
    from placed
    group by partner_id
),

everybody as (
    select sum(records) as records, sum(just_past) as just_past
    from counted
),

shares as (
    select
        counted.*,
        (everybody.just_past - counted.just_past) / nullif(everybody.records - counted.records, 0) as share_of_others
    from counted
    cross join everybody
),

tested as (
    select
        *,
        {{ binomial_z('just_past', 'records', 'share_of_others') }} as z
    from shares
)

select
    tested.partner_id,
    'just past targets' as signal,
    'metrics' as about,
    case
        when tested.z is null then 'insufficient'
        when tested.z >= numbers.deviations and tested.just_past >= numbers.least_metrics then 'unusual'
        else 'as usual'
    end as verdict,
    cast(tested.records as integer) as records,
    round(tested.just_past, 9) as observed,
    round(tested.records * tested.share_of_others, 9) as expected,
    round(tested.z, 6) as z
from tested
cross join numbers
