"""What the benchmarks say of a sample programme, held against numpy and scipy.

The formulas have their cases by hand in models/benchmarks; here every number of a programme is
computed a second time, from the scores and metrics that the benchmarks compare.
"""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pytest
from scipy import stats

from tests.python.pipeline.running import Programme

LEAST_COHORT = 5
SCORED = "status in ('provisional', 'published')"
COHORTS = """(
    select partner_id, 'segment' as kind, segment as cohort from partners.partner_segments
    union all
    select partner_id, 'contract half-year',
        strftime(contract_signed_at, '%Y-H') || (quarter(contract_signed_at) + 1) // 2
    from partners.partners)"""


def grouped(rows: Iterable[tuple], key_length: int) -> dict[tuple, list]:
    """Values, which come last in a row, by what stands before them."""
    found = defaultdict(list)
    for row in rows:
        found[row[:key_length]].append(row[key_length:] if len(row) > key_length + 1 else row[-1])
    return dict(found)


def assert_quartiles(built: list[tuple], values: dict[tuple, list[float]]) -> None:
    """Built rows are a key, the size of the group and its quartiles; no group may be missing."""
    assert {row[:-4] for row in built} == set(values)
    for *key, partners, lower, median, upper in built:
        group = values[tuple(key)]
        assert partners == len(group)
        if partners < LEAST_COHORT:
            assert (lower, median, upper) == (None, None, None)
        else:
            expected = np.quantile(group, [0.25, 0.5, 0.75])
            assert np.allclose([lower, median, upper], expected, rtol=1e-9, atol=1e-9)
    # Both sides of the least size occur, or the comparison would say less than it seems to.
    assert {row[-4] >= LEAST_COHORT for row in built} == {True, False}


@pytest.mark.parametrize("outcome", ["engagement", "revenue"])
def test_quartiles_of_scores_are_those_of_numpy(released: Programme, outcome: str):
    scores = grouped(
        released.rows(f"""
            select kind, cohort, tenure_week, {outcome}_score
            from marts.partner_score_history inner join {COHORTS} using (partner_id)
            where {SCORED}"""),
        3,
    )
    built = released.rows(f"""
        select cohort_kind, cohort, tenure_week, partners, {outcome}_lower_quartile,
            {outcome}_median, {outcome}_upper_quartile
        from marts.cohort_score_trajectories""")
    assert_quartiles(built, scores)


def test_quartiles_of_metrics_are_those_of_numpy(released: Programme):
    metrics = [name for (name,) in released.rows("select metric from marts.metric_registry")]
    values = grouped(
        released.rows(f"""
            select kind, cohort, metric, tenure_week, metric_value
            from (unpivot metrics.partner_metrics on {", ".join(metrics)}
                into name metric value metric_value)
            inner join {COHORTS} using (partner_id)
            where tenure_week in (select tenure_week from policy.trajectory_weeks)"""),
        4,
    )
    built = released.rows("""
        select cohort_kind, cohort, metric, tenure_week, partners, lower_quartile, median,
            upper_quartile
        from marts.cohort_metric_trajectories""")
    assert_quartiles(built, values)


def test_trends_are_those_of_scipy(released: Programme):
    last_weeks = grouped(
        released.rows(f"""
            select partner_id, outcome, tenure_week, score
            from (unpivot (
                select partner_id, tenure_week, week_start, status,
                    engagement_raw_score as engagement, revenue_raw_score as revenue
                from marts.partner_score_history
            ) on engagement, revenue into name outcome value score)
            inner join partners.partners using (partner_id)
            where {SCORED} and week_start > last_week - 8 * 7
            order by partner_id, outcome, tenure_week"""),
        2,
    )
    built = released.rows("""
        select partner_id, outcome, verdict, rises, falls, slope, p_value
        from marts.partner_score_trends""")
    verdicts = set()
    for partner, outcome, verdict, rises, falls, slope, p_value in built:
        weeks = last_weeks.get((partner, outcome), [])
        verdicts.add(verdict)
        assert (verdict == "insufficient") == (len(weeks) < 8)
        if len(weeks) < 8:
            assert (rises, falls, slope, p_value) == (None, None, None, None)
            continue
        tenure, scores = np.array(weeks, dtype=float).T
        changes = np.diff(scores)
        up, down = int(sum(changes > 1e-9)), int(sum(changes < -1e-9))
        assert (rises, falls) == (up, down)
        assert slope == pytest.approx(stats.theilslopes(scores, tenure).slope, abs=1e-9)
        chance = stats.binomtest(up, up + down).pvalue if up + down else 1
        assert p_value == pytest.approx(chance)
        moves = chance <= 0.125 and abs(slope) >= 0.5 and (up - down) * slope > 0
        assert verdict == (("improving" if slope > 0 else "declining") if moves else "flat")
    assert verdicts == {"improving", "flat", "declining", "insufficient"}


@pytest.mark.parametrize("group", ["segment", "tier", "region", "overall"])
def test_percentiles_are_those_of_scipy(released: Programme, group: str):
    built = grouped(
        released.rows(f"""
            select measure, better, {"'all'" if group == "overall" else group},
                observed, {group}_peers, {group}_percentile, {group}_expected, {group}_ratio
            from marts.partner_peer_standing"""),
        3,
    )
    for (_, better, _), rows in built.items():
        observed, peers, *given = np.array(rows, dtype=float).T
        assert set(peers) == {len(rows)}
        if len(rows) < LEAST_COHORT:
            assert np.isnan(given).all()
            continue
        rank = stats.percentileofscore(observed, observed, kind="mean")
        mean = observed.mean()
        expected = [
            100 - rank if better == "lower" else rank,
            np.full(len(rows), mean),
            observed / mean if mean > 0 else np.full(len(rows), np.nan),
        ]
        np.testing.assert_allclose(given, expected, rtol=1e-6, atol=1e-8)
    assert len(built) > 20


def test_only_partners_with_a_score_are_compared(released: Programme):
    compared, scored = (
        {partner for (partner,) in released.rows(f"select distinct partner_id from {source}")}
        for source in ("marts.partner_peer_standing", f"marts.partner_scorecards where {SCORED}")
    )
    assert compared == scored
    ended = released.rows("""
        select engagement_position, revenue_position from marts.partner_score_trajectories
        where status in ('terminated', 'unscored')""")
    assert set(ended) == {(None, None)}


def test_shares_of_milestones_are_counted_among_those_that_were_there(released: Programme):
    partners = released.rows("""
        select partner_id, segment, date_diff('day', contract_week, last_week) // 7
        from partners.partners inner join partners.partner_segments using (partner_id)
        where contract_week <= last_week""")
    reached = {
        (partner, milestone): week
        for partner, milestone, week in released.rows(
            "select partner_id, milestone, reached_week from partners.partner_milestones"
        )
    }
    built = released.rows("""
        select partner_id, milestone, segment, tenure_week, reached_week, cohort_partners,
            cohort_share_reached
        from marts.partner_milestone_progress""")
    milestones = {milestone for _, milestone, *_ in built}
    assert len(built) == len(partners) * len(milestones)
    for partner, milestone, segment, tenure_week, reached_week, size, share in built:
        assert reached_week == reached.get((partner, milestone))
        week = tenure_week if reached_week is None else reached_week
        there = [who for who, its, last in partners if its == segment and last >= week]
        had = sum(reached.get((who, milestone), week + 1) <= week for who in there)
        assert size == len(there)
        enough = size >= LEAST_COHORT
        assert share == (pytest.approx(had / size) if enough else None)


def test_every_week_of_tenure_has_a_place_in_a_trajectory(released: Programme):
    (counts,) = released.rows("""
        select
            (select count(*) from marts.partner_score_history),
            (select count(*) from marts.partner_score_trajectories),
            (select count(*) from marts.partner_metric_trajectories as given
             inner join metrics.partner_metrics using (partner_id, week_start)),
            (select count(*) from marts.partner_metric_trajectories)""")
    history, trajectories, joined, metrics = counts
    assert history == trajectories > 1000
    assert joined == metrics > 1000
