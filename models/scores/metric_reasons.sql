-- One row per partner and observed metric that reaches its target, or falls short of it, in words; the weightiest
-- of each kind first.
{{ config(**by_changed_partner(week=none)) }}

with contributions as (
    select * from ({{ changed_rows(ref('score_contributions'), week=none) }}) as changed_contributions
    where weeks_back = 0 and evidence_state != 'not yet observed'
),

partners as (
    {{ changed_rows(ref('partners'), week=none) }}
),

last_scores as (
    select
        outcome_scores.partner_id,
        outcome_scores.week_start,
        outcome_scores.segment
    from {{ ref('outcome_scores') }} as outcome_scores
    inner join partners
        on outcome_scores.partner_id = partners.partner_id and outcome_scores.week_start = partners.last_week
),

both_outcomes as (
    select
        partner_id,
        week_start,
        metric,
        max(metric_value) as metric_value,
        max(metric_score) as metric_score,
        max(evidence) as evidence,
        sum(contribution) as points,
        sum(weight) as weight
    from contributions
    group by partner_id, week_start, metric
),

anchors as (
    select
        framework_weeks.week_start,
        framework_weeks.framework_version,
        framework_weeks.is_leading,
        anchors.segment,
        anchors.metric,
        anchors.target_value,
        definitions.unit,
        definitions.better,
        case when definitions.better = 'lower' then -1 else 1 end as direction,
        definitions.layer,
        definitions.metric_group
    from {{ ref('framework_weeks') }} as framework_weeks
    inner join {{ ref('resolved_anchors') }} as anchors on framework_weeks.framework = anchors.framework
    inner join {{ ref('metric_definitions') }} as definitions on anchors.metric = definitions.metric
    where framework_weeks.is_official
),

-- The target is that of the leading version. While one follows another the other counts in part: its target is told
-- where it is the one that is missed.
targets as (
    select
        week_start,
        segment,
        metric,
        unit,
        better,
        direction,
        layer,
        metric_group,
        max(case when is_leading then target_value end) as target_value,
        max_by(target_value, case when not is_leading then target_value * direction end) as other_target,
        max_by(framework_version, case when not is_leading then target_value * direction end) as other_version
    from anchors
    group by week_start, segment, metric, unit, better, direction, layer, metric_group
),

judged as (
    select
        both_outcomes.*,
        targets.target_value,
        targets.unit,
        targets.layer,
        targets.metric_group,
        targets.other_target,
        targets.other_version,
        case when targets.better = 'lower' then 'at most ' else 'target ' end
        || {{ value_in_words('targets.target_value', 'targets.unit') }}
        || case when targets.better = 'lower' then ' is the target' else '' end as target_in_words,
        both_outcomes.metric_value * targets.direction >= targets.target_value * targets.direction as is_target_met,
        both_outcomes.metric_value * targets.direction < targets.other_target * targets.direction as misses_other_target,
        -- The last digits of a sum are no gap.
        round(both_outcomes.metric_score, 9) >= {{ parameter('target_score') }} as is_strength,
        case
            when round(both_outcomes.metric_score, 9) >= {{ parameter('target_score') }} then both_outcomes.points
            else both_outcomes.weight * ({{ parameter('target_score') }} - both_outcomes.metric_score)
        end as weight_of_reason
    from both_outcomes
    inner join last_scores
        on both_outcomes.partner_id = last_scores.partner_id and both_outcomes.week_start = last_scores.week_start
    inner join targets
        on
            last_scores.week_start = targets.week_start
            and last_scores.segment = targets.segment
            and both_outcomes.metric = targets.metric
),

ranked as (
    select
        *,
        row_number() over (
            partition by partner_id, is_strength order by weight_of_reason desc nulls last, metric asc nulls last
        ) as place
    from judged
    where weight_of_reason > 0
)

select
    partner_id,
    week_start,
    metric,
    layer,
    metric_group,
    case when is_strength then 'strength' else 'gap' end as kind,
    replace(metric, '_', ' ') || ' ' || {{ value_in_words('metric_value', 'unit') }}
    || case
        when is_strength or not is_target_met then ' (' || target_in_words || ')'
        when misses_other_target
            then
                ' (' || target_in_words || '; version ' || cast(other_version as {{ dbt.type_string() }})
                || ' of the framework asks for ' || {{ value_in_words('other_target', 'unit') }} || ')'
        else ', on too few observations yet to count in full (' || cast(cast(evidence as bigint) as {{ dbt.type_string() }}) || ')'
    end as reason,
    cast(place as integer) as place,
    metric_value,
    target_value,
    weight_of_reason as points
from ranked
