-- One row per partner and rule of action that it meets, with the gap that the rule is about.
with situations as (
    select * from {{ ref('partner_situations') }}
),

rules as (
    select * from {{ ref('intervention_rules') }}
),

gaps as (
    select * from {{ ref('metric_reasons') }} where kind = 'gap'
),

-- Nobody moves a partner's market: gaps of strategy are quoted only where a rule names them.
movable as (
    select
        *,
        row_number() over (partition by partner_id order by points desc nulls last, metric asc nulls last) as place_of_movable
    from gaps
    where layer != 'strategy'
),

met as (
    select
        situations.partner_id,
        rules.rule,
        rules.driver_kind,
        rules.driver
    from situations
    inner join rules
        on
            (
                situations.status = rules.status
                or (rules.status = 'scored' and situations.status in ('provisional', 'published'))
            )
            and {{ is_for_segment('situations.segment', 'rules.segment') }}
            and {{ band_within('situations.revenue_band', 'rules.least_revenue_band', 'rules.most_revenue_band') }}
            and {{ band_within('situations.engagement_band', 'rules.least_engagement_band', 'rules.most_engagement_band') }}
            and situations.tenure_week >= coalesce(rules.least_tenure_week, situations.tenure_week)
            and situations.tenure_week <= coalesce(rules.most_tenure_week, situations.tenure_week)
            and (
                rules.declining is null
                or (rules.declining = 'engagement' and situations.engagement_trend = 'declining')
                or (rules.declining = 'revenue' and situations.revenue_trend = 'declining')
            )
),

named_gaps as (
    select
        met.partner_id,
        met.rule,
        gaps.metric,
        row_number() over (partition by met.partner_id, met.rule order by gaps.place asc nulls last) as place_in_rule
    from met
    inner join gaps
        on
            met.partner_id = gaps.partner_id
            and gaps.place <= {{ decision_parameter('most_drivers') }}
            and (
                (met.driver_kind = 'metric' and met.driver = gaps.metric)
                or (met.driver_kind = 'group' and met.driver = gaps.metric_group)
                or (met.driver_kind = 'layer' and met.driver = gaps.layer)
            )
),

driven as (
    select
        met.partner_id,
        met.rule,
        case
            when met.driver_kind = 'any' then movable.metric
            else named_gaps.metric
        end as driver_metric
    from met
    left join named_gaps
        on met.partner_id = named_gaps.partner_id and met.rule = named_gaps.rule and named_gaps.place_in_rule = 1
    left join movable on met.partner_id = movable.partner_id and movable.place_of_movable = 1
    where met.driver_kind in ('any', 'none') or named_gaps.metric is not null
)

select
    driven.partner_id,
    driven.rule,
    rules.intervention,
    driven.driver_metric,
    gaps.reason as driver_reason,
    rules.priority,
    gaps.metric_value as driver_value,
    gaps.target_value as driver_target,
    gaps.points as driver_points
from driven
inner join rules on driven.rule = rules.rule
left join gaps on driven.partner_id = gaps.partner_id and driven.driver_metric = gaps.metric
