"""Questions of the page `segments`: groups of partners beside each other."""

import pandas as pd

from dashboard.data.chosen import CHOSEN, FILTERS
from dashboard.data.programme import SCORED
from dashboard.reader import Reader


def scores(reader: Reader, *, by: str, **filters: str) -> pd.DataFrame:
    """Quartiles of both scores of each group; groups of the chosen kind."""
    return reader.frame(
        CHOSEN
        + f"""
        , long as (
            select {_group(by)} as group_name, 'revenue' as outcome, revenue_score as score
            from chosen where {SCORED}
            union all
            select {_group(by)} as group_name, 'engagement' as outcome, engagement_score as score
            from chosen where {SCORED}
        )
        select
            group_name, outcome, count(*) as partners,
            quantile_cont(score, 0.25) as lower_quartile,
            quantile_cont(score, 0.5) as median,
            quantile_cont(score, 0.75) as upper_quartile,
            min(score) as lowest, max(score) as highest
        from long
        group by group_name, outcome
        order by group_name, outcome""",
        **filters,
    )


def summary(reader: Reader, *, by: str, **filters: str) -> pd.DataFrame:
    """Each group in one row."""
    return reader.frame(
        CHOSEN
        + f"""
        select
            {_group(by)} as group_name,
            count(*) as partners,
            count_if({SCORED}) as scored,
            avg(revenue_score) filter (where {SCORED}) as revenue_score,
            avg(engagement_score) filter (where {SCORED}) as engagement_score,
            count_if({SCORED} and revenue_band = 'high' and engagement_band = 'high')
            / nullif(count_if({SCORED}), 0) as both_high,
            count_if({SCORED} and revenue_band = 'high' and engagement_band = 'low') as to_coach,
            sum(expected_revenue) as expected_revenue,
            avg(coverage) filter (where {SCORED}) as coverage
        from chosen
        group by group_name
        order by group_name""",
        **filters,
    )


def metrics(reader: Reader, *, by: str, outcome: str, **filters: str) -> pd.DataFrame:
    """Mean metric score (80 is the target) of each group where the metric was observed."""
    return reader.frame(
        CHOSEN
        + f"""
        select
            {_group(by)} as group_name, contributions.metric, contributions.layer,
            avg(contributions.metric_score) as metric_score, count(*) as partners
        from chosen
        inner join marts.partner_score_contributions as contributions using (partner_id)
        where
            {SCORED}
            and contributions.outcome = $outcome
            and contributions.weight > 0
            and contributions.evidence_state = 'observed'
        group by all
        order by contributions.layer, contributions.metric, group_name""",
        outcome=outcome,
        **filters,
    )


def trajectories(reader: Reader, *, by: str, outcome: str) -> pd.DataFrame:
    """The usual score by week of tenure, of segments or of intakes."""
    name = {"revenue": "revenue", "engagement": "engagement"}[outcome]
    return reader.frame(
        f"""
        select cohort, tenure_week, partners, {name}_median as median
        from marts.cohort_score_trajectories
        where cohort_kind = $kind and {name}_median is not null
        order by cohort, tenure_week""",
        kind="contract half-year" if by == "cohort" else "segment",
    )


def milestones(reader: Reader) -> pd.DataFrame:
    """Share of each segment that had reached a milestone by the week it is expected in."""
    return reader.frame("""
        with expected as (
            select
                milestone, segment, max(expected_week) as expected_week, min(sequence) as sequence
            from marts.partner_milestone_progress
            group by milestone, segment
        )
        select
            expected.milestone, expected.segment, expected.expected_week,
            shares.partners, shares.share_reached
        from expected
        left join marts.cohort_milestone_shares as shares
            on
                expected.milestone = shares.milestone
                and expected.segment = shares.segment
                and expected.expected_week = shares.tenure_week
        order by expected.sequence, expected.segment""")


def _group(by: str) -> str:
    """The column of a kind of group: the one text of a statement that a reader chooses."""
    if by not in FILTERS:
        raise ValueError(f"There are no groups by {by!r}.")
    return f"coalesce({by}, 'none')"
