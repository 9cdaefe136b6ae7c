-- One row per partner, outcome and metric that alone could carry the score into the next band: the
-- value that it would have to reach, all else as it is, smallest step first. Reckoned in the framework
-- that leads the week, to the cut and the margin that a change of band asks for. Nobody moves a partner's
-- market or its past: the strategy layer is left out, and what the weeks to come can no longer better.
{{ config(**by_changed_partner(week=none)) }}

with contributions as (
    select * from ({{ changed_contributions() }}) as changed_contributions
    where weeks_back = 0 and is_leading
),

partners as (
    {{ changed_rows(ref('partners'), week=none) }}
),

last_scores as (
    select outcome_scores.*
    from {{ ref('outcome_scores') }} as outcome_scores
    inner join partners
        on outcome_scores.partner_id = partners.partner_id and outcome_scores.week_start = partners.last_week
    where outcome_scores.status in ('provisional', 'published')
),

bands as (
    {%- for outcome in outcomes() %}
    select
        partner_id,
        week_start,
        '{{ outcome }}' as outcome,
        {{ outcome }}_band as band,
        {{ outcome }}_overlay as overlay,
        tenure_week
    from last_scores
    where {{ outcome }}_band != 'high'
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

rules as (
    {%- for outcome in outcomes() %}
    select
        framework_version,
        '{{ outcome }}' as outcome,
        band_change_margin,
        {{ outcome }}_medium_cut as medium_cut,
        {{ outcome }}_high_cut as high_cut
    from {{ ref('stability_parameters') }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

totals as (
    select
        partner_id,
        week_start,
        outcome,
        leading_version,
        sum(contribution) / sum(weight) as score,
        sum(weight) as weights
    from contributions
    group by partner_id, week_start, outcome, leading_version
),

goals as (
    select
        totals.partner_id,
        totals.outcome,
        totals.weights,
        bands.tenure_week,
        case when bands.band = 'low' then 'medium' else 'high' end as next_band,
        case when bands.band = 'low' then rules.medium_cut else rules.high_cut end
        + rules.band_change_margin - bands.overlay - totals.score as points_needed
    from totals
    inner join bands
        on
            totals.partner_id = bands.partner_id
            and totals.week_start = bands.week_start
            and totals.outcome = bands.outcome
    inner join rules on totals.leading_version = rules.framework_version and totals.outcome = rules.outcome
),

scored as (
    select
        contributions.*,
        goals.next_band,
        goals.points_needed,
        anchors.scale,
        anchors.floor_value,
        anchors.target_value,
        anchors.stretch_value,
        anchors.prior_value,
        definitions.better,
        definitions.unit,
        definitions.evidence is not null as needs_evidence,
        definitions.least_valid,
        definitions.most_valid,
        goals.points_needed * goals.weights / contributions.weight as metric_points_needed,
        contributions.metric_score + goals.points_needed * goals.weights / contributions.weight as metric_score_needed,
        {{ parameter('target_score') }} as target_points
    from contributions
    inner join goals on contributions.partner_id = goals.partner_id and contributions.outcome = goals.outcome
    inner join {{ ref('resolved_anchors') }} as anchors
        on
            contributions.framework = anchors.framework
            and contributions.segment = anchors.segment
            and contributions.metric = anchors.metric
    inner join {{ ref('metric_definitions') }} as definitions on contributions.metric = definitions.metric
    where
        goals.points_needed > 0 and contributions.weight > 0 and contributions.layer != 'strategy'
        and coalesce(goals.tenure_week + 1 < definitions.settled_week, true)
),

believed as (
    select
        *,
        {{ value_at_score('metric_score_needed', 'target_points') }} as believed_value
    from scored
    where metric_score_needed <= 100
),

own as (
    select
        *,
        -- What has not been observed yet would count in full only where no evidence is asked for.
        case
            when credibility = 0 or (credibility is null and needs_evidence) then null
            else (believed_value - (1 - coalesce(credibility, 1)) * prior_value) / coalesce(credibility, 1)
        end as value_needed
    from believed
),

-- Half a day together is none: what is counted is rounded to the better side.
countable as (
    select
        *,
        case
            when unit not in ('days', 'weeks', 'leads', 'accounts', 'activities') then value_needed
            when better = 'higher' then ceil(round(value_needed, 9))
            else floor(round(value_needed, 9))
        end as whole_value_needed
    from own
)

select
    partner_id,
    week_start,
    outcome,
    metric,
    next_band,
    points_needed,
    metric_value,
    whole_value_needed as value_needed,
    metric_points_needed,
    cast(row_number() over (
        partition by partner_id, outcome order by metric_points_needed asc nulls last, metric asc nulls last
    ) as integer) as place
from countable
where
    whole_value_needed >= coalesce(least_valid, whole_value_needed)
    and whole_value_needed <= coalesce(most_valid, whole_value_needed)
