"""Fairness of a programme, computed a second time with numpy and statsmodels from predictions,
outcomes and scores. The verdicts have their cases by hand in models/fairness."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.python.pipeline.running import Programme

OUTCOMES = """
    select partner_id, outcome, week_start, likelihood, is_reached, amount, expected_amount
    from predictions.expected_outcomes
    where known_week is not null and basis != 'nothing known'
"""
GROUPS = """
    select partner_id, week_start, attribute, group_name from fairness.fairness_attributes
"""
NOW = """
    select partner_id, status, engagement_band, revenue_band, engagement_coverage, revenue_coverage
    from marts.partner_scorecards where status != 'terminated'
"""


@pytest.fixture(scope="module")
def groups(released: Programme) -> dict[tuple, dict[str, str]]:
    found: dict[tuple, dict[str, str]] = defaultdict(dict)
    for partner, week, attribute, value in released.rows(GROUPS):
        found[partner, week][attribute] = value
    return found


def test_outcomes_are_those_of_each_partner_s_newest_window(
    released: Programme, groups: dict[tuple, dict[str, str]]
):
    newest: dict[tuple, tuple] = {}
    for partner, outcome, week, *rest in released.rows(OUTCOMES):
        if (partner, outcome) not in newest or newest[partner, outcome][0] < week:
            newest[partner, outcome] = (week, *rest)
    cells = defaultdict(list)
    for (partner, outcome), (week, likelihood, reached, amount, expected) in newest.items():
        for attribute, value in groups[partner, week].items():
            pair = (amount, expected) if outcome == "revenue" else (float(reached), likelihood)
            cells[outcome, attribute, value].append(pair)
    built = released.rows("""
        select outcome, attribute, group_name, partners, observed, expected, ratio, ratio_low,
            ratio_high, verdict
        from marts.fairness_of_outcomes""")
    assert {row[:3] for row in built} == set(cells) and len(built) > 10
    for outcome, attribute, value, partners, observed, expected, *ratios, verdict in built:
        pairs = np.array(cells[outcome, attribute, value], float)
        came, said = pairs.mean(axis=0)
        assert partners == len(pairs)
        assert (observed, expected) == pytest.approx((came, said), abs=1e-6)
        if outcome == "revenue":
            if partners == 1:
                continue
            missed = (pairs[:, 0] - pairs[:, 1]).std(ddof=1) / len(pairs) ** 0.5
            low, high = came - 1.959963985 * missed, came + 1.959963985 * missed
        else:
            low, high = proportion_confint(pairs[:, 0].sum(), len(pairs), method="wilson")
        if said > 0:
            assert ratios == pytest.approx([came / said, max(low, 0) / said, high / said], rel=1e-4)
        assert (verdict == "insufficient") == (partners < 30)


def test_flags_are_those_of_the_scorecards(
    released: Programme, groups: dict[tuple, dict[str, str]]
):
    ((week,),) = released.rows("select as_of_week from activities.score_horizon")
    cells = defaultdict(list)
    for partner, status, *bands_and_coverage in released.rows(NOW):
        for at, score in enumerate(("engagement", "revenue")):
            band, coverage = bands_and_coverage[at], bands_and_coverage[at + 2]
            for attribute, value in groups[partner, week].items():
                cells[score, attribute, value].append((status, band, coverage))
            cells[score, "", ""].append((status, band, coverage))
    built = released.rows("""
        select score, attribute, group_name, partners, low_share, low_share_of_all, unscored_share,
            stale_share, coverage, coverage_gap, flag_verdict
        from marts.fairness_of_flags""")
    assert {row[:3] for row in built} == {key for key in cells if key[1]}
    for score, attribute, value, partners, low, low_of_all, unscored, stale, *rest in built:
        coverage, gap, verdict = rest
        mine, all_of_them = cells[score, attribute, value], cells[score, "", ""]

        def share_low(rows: list[tuple]) -> float | None:
            bands = [band for _, band, _ in rows if band]
            return pytest.approx(bands.count("low") / len(bands)) if bands else None

        def covered(rows: list[tuple]) -> float:
            return float(np.mean([value for _, _, value in rows if value is not None]))

        assert partners == len(mine)
        assert (low, low_of_all) == (share_low(mine), share_low(all_of_them))
        statuses = [status for status, _, _ in mine]
        assert unscored == pytest.approx(statuses.count("unscored") / partners)
        assert stale == pytest.approx(statuses.count("stale") / partners)
        if coverage is not None:
            assert coverage == pytest.approx(covered(mine))
            assert gap == pytest.approx(covered(mine) - covered(all_of_them), abs=1e-8)
        banded = sum(band is not None for _, band, _ in mine)
        assert (verdict == "insufficient") == (banded < 30)


def test_size_is_a_third_of_the_partners_of_that_week(released: Programme):
    """In each week, also where few are looked at: who left early is in a week of its own."""
    sized = released.rows("""
        select week_start, partner_id, group_name from fairness.fairness_attributes
        where attribute = 'size' and group_name != 'unknown'""")
    accounts = defaultdict(list)
    for week, partner, matched in released.rows("""
        select week_start, partner_id, matched_accounts
        from partners.partner_calendar
        inner join partners.partner_profiles using (partner_id)
        where matched_accounts is not null and week_start >= first_week and week_start < until_week
    """):
        accounts[week].append((matched, partner))
    assert len({week for week, *_ in sized}) > 3
    last = max(accounts)
    now = Counter(group for week, _, group in sized if week == last)
    assert max(now.values()) - min(now.values()) <= 1 and len(now) == 3 and now.total() > 30
    for week, partner, group in sized:
        in_order = [each for _, each in sorted(accounts[week])]
        thirds = np.array_split(in_order, 3)
        assert group == next(
            name
            for name, third in zip(("small", "medium", "large"), thirds, strict=True)
            if partner in third
        )
