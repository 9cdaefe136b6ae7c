"""Questions of the page `partner`: one partner, from its score down to the records behind it."""

import pandas as pd

from dashboard.reader import Reader


def scorecard(reader: Reader, *, partner: str) -> pd.DataFrame:
    """One row: who it is, its scores, reasons and expectations; none if nobody is called that."""
    return reader.frame(
        """
        select
            scorecards.*,
            revenue_trend.verdict as revenue_trend,
            revenue_trend.slope as revenue_slope,
            engagement_trend.verdict as engagement_trend,
            engagement_trend.slope as engagement_slope
        from marts.partner_scorecards as scorecards
        left join marts.partner_score_trends as revenue_trend
            on
                scorecards.partner_id = revenue_trend.partner_id
                and revenue_trend.outcome = 'revenue'
        left join marts.partner_score_trends as engagement_trend
            on
                scorecards.partner_id = engagement_trend.partner_id
                and engagement_trend.outcome = 'engagement'
        where scorecards.partner_id = $partner""",
        partner=partner,
    )


def trajectory(reader: Reader, *, partner: str, outcome: str) -> pd.DataFrame:
    """Weekly scores beside the quartiles of the partner's segment at the same tenure."""
    return reader.frame(
        f"""
        select
            tenure_week, week_start, status,
            {_of(outcome)}_score as score,
            {_of(outcome)}_lower_quartile as lower_quartile,
            {_of(outcome)}_median as median,
            {_of(outcome)}_upper_quartile as upper_quartile
        from marts.partner_score_trajectories
        where partner_id = $partner
        order by tenure_week""",
        partner=partner,
    )


def milestones(reader: Reader, *, partner: str) -> pd.DataFrame:
    return reader.frame(
        """
        select
            milestone, status, expected_week, reached_week, reached_at, cohort_share_reached,
            is_required
        from marts.partner_milestone_progress
        where partner_id = $partner
        order by sequence""",
        partner=partner,
    )


def drivers(reader: Reader, *, partner: str, outcome: str) -> pd.DataFrame:
    """Steps that add up to the published score: layers of metrics, overlay, smoothing, guard."""
    return reader.frame(
        f"""
        with week as (
            select history.*
            from marts.partner_score_history as history
            inner join marts.partner_scorecards as scorecards using (partner_id, week_start)
            where partner_id = $partner
        ),

        metrics as (
            select
                case layer when 'strategy' then 1 when 'execution' then 2 else 3 end as place,
                layer as kind, metric as name, contribution as points, weight * 100 as most_points,
                metric_value, metric_score, evidence_state
            from marts.partner_score_contributions
            where partner_id = $partner and outcome = $outcome and weight > 0
        ),

        adjustments as (
            select 4 as place, 'overlay' as name, {_of(outcome)}_overlay as points from week
            union all
            select
                5 as place, 'limits of 0 and 100' as name,
                {_of(outcome)}_raw_score - {_of(outcome)}_overlay
                - (select sum(points) from metrics) as points
            from week
            union all
            select
                6 as place, 'smoothing' as name,
                {_of(outcome)}_smoothed_score - {_of(outcome)}_raw_score as points
            from week
            union all
            select
                7 as place, 'guardrail and status' as name,
                {_of(outcome)}_score - {_of(outcome)}_smoothed_score as points
            from week
        )

        select * from metrics
        union all by name
        select place, 'adjustment' as kind, name, points
        from adjustments
        where abs(points) > 0.005
        order by place, points desc nulls last, name""",
        partner=partner,
        outcome=outcome,
    )


def actions(reader: Reader, *, partner: str) -> pd.DataFrame:
    """What to do for it now, at most three actions."""
    return reader.frame_if(
        "recommended_actions",
        """
        select
            title, what, reason, owner_role, expected_effect, effect_evidence, state, due_on,
            driver_metric
        from marts.recommended_actions
        where partner_id = $partner
        order by place""",
        partner=partner,
    )


def flags(reader: Reader, *, partner: str) -> pd.DataFrame:
    """What was flagged of it lately, and who decides."""
    return reader.frame_if(
        "lifecycle_flags",
        """
        select flag, state, reason, approver_role, expires_on
        from marts.lifecycle_flags
        where partner_id = $partner
        order by raised_on desc, rule""",
        partner=partner,
    )


def entitlements(reader: Reader, *, partner: str) -> pd.DataFrame:
    """What it has earned of budgets and funds in the open period."""
    return reader.frame_if(
        "incentive_entitlements",
        """
        select fund, status, reason, amount, currency, settles_on
        from marts.incentive_entitlements
        where partner_id = $partner
        order by settles_on, fund, rule""",
        partner=partner,
    )


def changes(reader: Reader, *, partner: str) -> pd.DataFrame:
    return reader.frame(
        """
        select outcome, weeks_back, score_before, score_now, score_change
        from marts.partner_score_changes
        where partner_id = $partner
        order by outcome, weeks_back""",
        partner=partner,
    )


def evidence(reader: Reader, *, partner: str) -> pd.DataFrame:
    """How much of each score was observed, and what was not, by state."""
    return reader.frame(
        """
        select
            outcome, evidence_state, count(*) as metrics, sum(weight) as weight
        from marts.partner_score_contributions
        where partner_id = $partner and weight > 0
        group by outcome, evidence_state
        order by outcome, weight desc""",
        partner=partner,
    )


def metric(reader: Reader, *, partner: str, outcome: str, metric: str) -> pd.DataFrame:
    """One row: what a metric means and what it is of this partner."""
    return reader.frame(
        """
        select
            registry.*,
            contributions.metric_value,
            contributions.metric_score,
            contributions.weight,
            contributions.contribution,
            contributions.evidence_state,
            standing.segment_percentile,
            standing.segment_expected,
            standing.segment_peers
        from marts.metric_registry as registry
        left join marts.partner_score_contributions as contributions
            on
                registry.metric = contributions.metric
                and contributions.partner_id = $partner
                and contributions.outcome = $outcome
        left join marts.partner_peer_standing as standing
            on registry.metric = standing.measure and standing.partner_id = $partner
        where registry.metric = $metric""",
        partner=partner,
        outcome=outcome,
        metric=metric,
    )


def metric_trajectory(reader: Reader, *, partner: str, metric: str) -> pd.DataFrame:
    """A metric over the tenure, beside the quartiles of the partner's segment."""
    return reader.frame(
        """
        select tenure_week, metric_value, lower_quartile, median, upper_quartile
        from marts.partner_metric_trajectories
        where partner_id = $partner and metric = $metric
        order by tenure_week""",
        partner=partner,
        metric=metric,
    )


def records(reader: Reader, *, partner: str, metric: str) -> pd.DataFrame:
    """The records that a metric looks back on, the newest first."""
    return reader.frame_if(
        "partner_records",
        f"""
        select
            strftime(records.counted_on, '%Y-%m-%d') as counted_on,
            {", ".join(f"records.{column}" for column in RECORD_COLUMNS[1:])}
        from marts.partner_records as records
        inner join marts.metric_registry as registry
            on
                registry.metric = $metric
                and (
                    registry.sources = records.source
                    or (registry.sources = 'any activity' and records.counts_as_active)
                )
        where
            records.partner_id = $partner
            and (registry.window_weeks is null or records.weeks_back < registry.window_weeks)
        order by records.counted_on desc, source_record_id, activity_type""",
        partner=partner,
        metric=metric,
    )


RECORD_COLUMNS = (
    "counted_on",
    "activity_type",
    "source",
    "source_record_id",
    "quantity",
    "amount",
    "definition",
)
OUTCOMES = ("revenue", "engagement")


def _of(outcome: str) -> str:
    """The prefix of an outcome's columns: the one text of a statement that a reader chooses."""
    if outcome not in OUTCOMES:
        raise ValueError(f"There is no outcome {outcome!r}.")
    return outcome
