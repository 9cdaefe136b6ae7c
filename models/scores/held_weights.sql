-- One row per partner and week in which values of a broken source are held: the share of the framework
-- that rests on them. No row where nothing is held.
with broken as (
    select * from {{ ref('metric_availability') }} where fresh_until is not null
),

weights as (
    select
        weights.framework,
        weights.segment,
        weights.tenure_week,
        broken.fresh_until,
        sum(weights.weight) / {{ outcomes() | length }} as weight
    from {{ ref('effective_weights') }} as weights
    inner join broken on weights.metric = broken.metric
    group by weights.framework, weights.segment, weights.tenure_week, broken.fresh_until
),

last_knot as (
    select max(tenure_week) as tenure_week from weights
),

weeks as (
    select
        calendar.partner_id,
        calendar.week_start,
        partner_segments.segment,
        framework_weeks.framework,
        least(calendar.tenure_week, last_knot.tenure_week) as weights_week
    from {{ ref('partner_calendar') }} as calendar
    inner join {{ ref('partner_segments') }} as partner_segments on calendar.partner_id = partner_segments.partner_id
    inner join {{ ref('framework_weeks') }} as framework_weeks
        on calendar.week_start = framework_weeks.week_start and framework_weeks.is_official and framework_weeks.is_leading
    cross join last_knot
    where calendar.week_start > (select min(fresh_until) from broken)
)

select
    weeks.partner_id,
    weeks.week_start,
    round(sum(weights.weight), 9) as held_weight
from weeks
inner join weights
    on
        weeks.framework = weights.framework
        and weeks.segment = weights.segment
        and weeks.weights_week = weights.tenure_week
        and weeks.week_start > weights.fresh_until
group by weeks.partner_id, weeks.week_start
