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

-- The version and the segment of the last week say which targets hold.
last_scores as (
    select
        outcome_scores.partner_id,
        outcome_scores.week_start,
        outcome_scores.framework_version,
        outcome_scores.segment
    from {{ ref('outcome_scores') }} as outcome_scores
    inner join partners
        on outcome_scores.partner_id = partners.partner_id and outcome_scores.week_start = partners.last_week
),

anchors as (
    select resolved_anchors.*
    from {{ ref('resolved_anchors') }} as resolved_anchors
    inner join {{ ref('frameworks') }} as frameworks on resolved_anchors.framework = frameworks.framework
    where frameworks.role = 'official'
),

definitions as (
    select * from {{ ref('metric_definitions') }}
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

targets as (
    select
        anchors.framework_version,
        anchors.segment,
        anchors.metric,
        anchors.target_value,
        definitions.unit,
        definitions.better,
        definitions.layer,
        definitions.metric_group
    from anchors
    inner join definitions on anchors.metric = definitions.metric
),

judged as (
    select
        both_outcomes.*,
        targets.target_value,
        targets.unit,
        targets.better,
        targets.layer,
        targets.metric_group,
        case
            when targets.better = 'lower' then both_outcomes.metric_value <= targets.target_value
            else both_outcomes.metric_value >= targets.target_value
        end as is_target_met,
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
            last_scores.framework_version = targets.framework_version
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
        when is_target_met and not is_strength
            then ', on too few observations yet to count in full (' || cast(cast(evidence as bigint) as {{ dbt.type_string() }}) || ')'
        when better = 'lower'
            then ' (at most ' || {{ value_in_words('target_value', 'unit') }} || ' is the target)'
        else ' (target ' || {{ value_in_words('target_value', 'unit') }} || ')'
    end as reason,
    cast(place as integer) as place,
    metric_value,
    target_value,
    weight_of_reason as points
from ranked
