"""The score is computed twice, by SQL and by plain Python from the same definitions; over a whole
programme no cell may differ.

What differs here is a fault of one of the two: find out by the catalogue which, never by the other.
"""

import math
from datetime import date

import numpy as np
import pytest

from orchestration.sample import generate
from tests.python.pipeline.running import Programme
from tests.python.reference.compared import (
    TOLERANCE,
    compare_metric_scores,
    compare_metrics,
    compare_scores,
    reference_of,
    score_all,
)
from tests.python.reference.policy import Policy, Version
from tests.python.reference.reference import Scored


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """A sample programme, built."""
    programme = Programme(tmp_path_factory.mktemp("sample"))
    generate(programme.landing, partners=60, weeks=52, truth=programme.folder / "truth")
    programme.land()
    programme.build()
    return programme


@pytest.fixture(scope="module")
def scored(programme: Programme) -> dict[str, Scored | None]:
    return score_all(programme)


def test_every_metric_of_every_week_is_the_same(
    programme: Programme, scored: dict[str, Scored | None]
):
    compared = compare_metrics(programme, scored)
    assert compared.cells > 100_000
    assert compared.differences == 0, compared


def test_every_metric_score_is_the_same(programme: Programme, scored: dict[str, Scored | None]):
    compared = compare_metric_scores(programme, scored, Policy())
    assert compared.cells > 100_000
    assert compared.differences == 0, compared


def test_every_score_band_coverage_and_status_is_the_same(
    programme: Programme, scored: dict[str, Scored | None]
):
    compared = compare_scores(programme, scored, Policy())
    assert compared.cells > 50_000
    assert compared.differences == 0, compared


def test_the_sample_holds_every_status_and_segment(scored: dict[str, Scored | None]):
    """Otherwise the comparison would say less than it seems to."""
    known = [each for each in scored.values() if each]
    statuses = {status for each in known for status in each.words["status"]}
    assert statuses == {"unscored", "provisional", "published", "terminated"}
    assert {each.segment for each in known} == set(Policy().segments) - {"baseline"}
    for outcome in ("engagement", "revenue"):
        bands = {band for each in known for band in each.words[f"{outcome}_guarded_band"]}
        assert bands == {"low", "medium", "high"}
        assert any(abs(each.figures[f"{outcome}_held_back"]).max() > 0.1 for each in known)


# --- explanation ---


def test_contributions_are_those_of_the_reference(
    programme: Programme, scored: dict[str, Scored | None]
):
    """Weight x metric score of every metric, of every explained week, versions blended."""
    reference = reference_of(programme, Policy())
    rows = programme.rows(
        """select partner_id, week_start, outcome, metric, weight, contribution, evidence_state
           from scores.score_contributions"""
    )
    assert len(rows) > 3000
    for partner_id, week, outcome, metric, weight, contribution, state in rows:
        each = scored[partner_id]
        assert each
        tenure = each.weeks.index(week)
        parts = [
            (share * reference.weights(version, each.segment, outcome, tenure)[metric], version)
            for version, share in Policy().shares(week).items()
        ]
        points = sum(part * each.metric_scores[v][metric][tenure] for part, v in parts)
        assert weight == pytest.approx(sum(part for part, _ in parts), abs=TOLERANCE)
        assert contribution == pytest.approx(points, abs=TOLERANCE)
        assert (state == "not yet observed") == math.isnan(each.metrics[metric][tenure])


def test_a_change_is_that_of_the_published_score_and_its_raw_part_that_of_the_raw_score(
    programme: Programme, scored: dict[str, Scored | None]
):
    rows = programme.rows(
        """select partner_id, outcome, weeks_back, score_change, metric_points + weight_points,
               overlay_points, smoothing_points + guardrail_points + status_points
           from scores.score_changes"""
    )
    assert {row[2] for row in rows} == {1, 13}
    for partner_id, outcome, back, change, of_metrics, of_overlay, of_stability in rows:
        each = scored[partner_id]
        assert each

        def moved(figure: str, each: Scored = each, o: str = outcome, back: int = back) -> float:
            series = each.figures[f"{o}_{figure}"]
            return series[-1] - series[-1 - back]

        base = moved("raw_score") - moved("overlay")
        assert change == pytest.approx(moved("score"), abs=TOLERANCE)
        assert of_metrics == pytest.approx(base, abs=TOLERANCE)
        assert of_overlay == pytest.approx(moved("overlay"), abs=TOLERANCE)
        assert of_stability == pytest.approx(moved("score") - moved("raw_score"), abs=TOLERANCE)


def test_a_next_step_reaches_the_next_band_and_a_smaller_one_does_not(
    programme: Programme, scored: dict[str, Scored | None]
):
    """The value it names, put in the place of the partner's own, scored by the reference."""
    reference, policy = reference_of(programme, Policy()), Policy()
    steps = programme.rows(
        "select partner_id, outcome, metric, next_band, value_needed from scores.next_band_steps"
    )
    assert len(steps) > 20
    for partner_id, outcome, metric, band, needed in steps:
        each = scored[partner_id]
        assert each
        version, tenure = policy.leading(each.weeks[-1]), len(each.weeks) - 1
        weights = reference.weights(version, each.segment, outcome, tenure)
        margin = policy.rules(version)["band_change_margin"]
        target = policy.cuts(version, outcome)[band == "high"] + margin

        def score(
            value: float, each: Scored = each, metric: str = metric, version: int = version,
            weights: dict[str, float] = weights, outcome: str = outcome,
        ) -> float:  # fmt: skip
            metrics = {name: series[-1:] for name, series in each.metrics.items()}
            metrics[metric] = np.array([value])
            found = reference.metric_scores(version, each.segment, metrics)
            base = sum(weight * found[name][0] for name, weight in weights.items())
            return base + each.figures[f"{outcome}_overlay"][-1]

        own = each.metrics[metric][-1]
        assert score(needed) >= target - 1e-6
        counted = policy.metrics[metric].unit in (
            "days",
            "weeks",
            "leads",
            "accounts",
            "activities",
        )
        step = 1.0 if counted else abs(needed - np.nan_to_num(own)) * 0.01
        better = 1 if policy.metrics[metric].better == "higher" else -1
        assert score(needed - better * step) < target


def test_alternatives_are_what_the_reference_gives_under_them(programme: Programme):
    """A proposed version and the other method, each as if it were the only official framework."""

    class Only(Policy):
        """Policy with one version in force, perhaps by another method."""

        def __init__(self, number: int, method: str) -> None:
            super().__init__()
            self.number, self.method = number, method

        @property
        def versions(self) -> list[Version]:  # type: ignore[override]
            return [Version(self.number, date(1990, 1, 1), 8)]

        def _read(self, table: str) -> list[dict[str, str]]:
            rows = super()._read(table)
            if table != "framework_versions":
                return rows
            return [{**row, "method": self.method} for row in rows]

    rows = programme.rows(
        """select framework, partner_id, outcome, alternative_score, framework_version, method
           from scores.alternative_scores"""
    )
    assert {row[0] for row in rows} == {"version 2 by baseline", "version 3"}
    for _, number, method in {(row[0], row[4], row[5]) for row in rows}:
        alternative = score_all(programme, Only(number, method))
        for _, partner_id, outcome, score, *_ in (r for r in rows if r[4:] == (number, method)):
            each = alternative[partner_id]
            assert each
            assert score == pytest.approx(each.figures[f"{outcome}_raw_score"][-1], abs=TOLERANCE)


# --- estimates ---


def buhlmann_straub(
    observations: list[list[tuple[float, float]]], is_binomial: bool
) -> tuple[float, float]:
    """Variance within and between groups of (n, x), by Buehlmann and Straub (1970)."""
    n = np.array([sum(w for w, _ in group) for group in observations])
    x = np.array([sum(w * v for w, v in group) for group in observations]) / n
    mean = float(np.average(x, weights=n))
    if is_binomial:
        within = mean * (1 - mean)
    else:
        squares = sum(
            w * (v - own) ** 2 for group, own in zip(observations, x, strict=True) for w, v in group
        )
        within = squares / sum(len(group) - 1 for group in observations)
    between = (np.sum(n * (x - mean) ** 2) - (len(n) - 1) * within) / (
        n.sum() - (n**2).sum() / n.sum()
    )
    return float(within), float(between)


def test_the_strength_of_a_prior_is_that_of_buhlmann_and_straub(
    programme: Programme, scored: dict[str, Scored | None]
):
    policy = Policy()
    least, most = (policy.parameters[f"{end}_prior_strength"] for end in ("least", "most"))
    rows = programme.rows(
        """select metric, estimated_prior_value, estimated_prior_strength, basis
           from frameworks.prior_estimates
           where segment = 'baseline' and basis <> 'too few partners'"""
    )
    windows = dict(programme.rows("select metric, window_weeks from metrics.metric_definitions"))
    assert len(rows) >= 8
    for metric, prior, strength, _ in rows:
        evidence = policy.metrics[metric].evidence
        assert evidence
        periods = (0, windows[metric]) if windows[metric] else (0,)
        groups = []
        for each in filter(None, scored.values()):
            group = [
                (each.metrics[evidence][-1 - back], each.metrics[metric][-1 - back])
                for back in periods
                if back < len(each.weeks) and each.metrics[evidence][-1 - back] > 0
            ]
            if group:
                groups.append(group)
        within, between = buhlmann_straub(groups, is_binomial=not windows[metric])
        expected = most if between <= 0 else min(max(within / between, least), most)
        assert strength == pytest.approx(expected, rel=1e-9), metric
        sizes = np.array([sum(n for n, _ in group) for group in groups])
        means = np.array([sum(n * x for n, x in group) for group in groups]) / sizes
        assert prior == pytest.approx(np.average(means, weights=sizes / (sizes + expected)))


def test_the_estimator_finds_what_was_put_in():
    """Partners whose rates differ by a known variance, each seen a known number of times."""
    rng = np.random.default_rng(7)
    rates = rng.beta(6, 4, 4000)  # k of a beta prior is alpha + beta = 10
    seen = rng.integers(2, 30, 4000)
    groups = [[(float(n), rng.binomial(n, rate) / n)] for n, rate in zip(seen, rates, strict=True)]
    within, between = buhlmann_straub(groups, is_binomial=True)
    # a = p q / (k + 1) and v = p q, so v / a is k + 1.
    assert within / between == pytest.approx(11, rel=0.1)
