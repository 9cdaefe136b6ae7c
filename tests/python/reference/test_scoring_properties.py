"""What must hold of any value and any policy: of the reference, and of the SQL of the macro."""

import functools
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import jinja2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.python.reference import golden
from tests.python.reference.policy import OUTCOMES, PROJECT, Anchors, Metric, Policy
from tests.python.reference.reference import Asked, band_of, believed, metric_score

POLICY = Policy()
ANCHORS = POLICY.anchors(1, "baseline")
NAMES = sorted(POLICY.metrics)
VALUES = st.floats(-10, 1e6, allow_nan=False)
EVIDENCE = st.integers(0, 10_000).map(float)
Score = Callable[[Metric, float], float]


def by_reference(metric: Metric, value: float) -> float:
    return float(metric_score(metric, ANCHORS[metric.name], 80.0, np.array([value]))[0])


@functools.cache
def prepared(name: str) -> duckdb.DuckDBPyConnection:
    """The macro's SQL for one metric, without dbt, as a function of a database of its own."""
    folder = PROJECT / "macros" / "scoring"
    module = jinja2.Environment().from_string((folder / "metric_score.sql").read_text()).module
    metric, at = POLICY.metrics[name], ANCHORS[name]
    sql = module.anchored_score(metric, "value")  # type: ignore[attr-defined]
    points = [at.floor, at.target, at.stretch]
    if metric.scale == "log1p":
        points = [float(np.log1p(point)) for point in points]
    connection = duckdb.connect()
    connection.execute(
        f"""create table parameters as select 80.0::double as target_points,
            20.0::double as stretch_points, {points[0]}::double as {name}__floor,
            {points[1]}::double as {name}__target, {points[2]}::double as {name}__stretch"""
    )
    connection.execute(f"create macro score(value) as (select {sql} from parameters)")
    return connection


def by_sql(metric: Metric, value: float) -> float:
    ((score,),) = prepared(metric.name).execute("select score(?::double)", [value]).fetchall()
    return float(score)


@pytest.mark.parametrize("name", NAMES)
def test_the_anchors_give_their_points_by_sql_and_by_reference(name: str):
    metric, at = POLICY.metrics[name], ANCHORS[name]
    for value, points in ((at.floor, 0), (at.target, 80), (at.stretch, 100)):
        assert by_reference(metric, value) == pytest.approx(points)
        assert by_sql(metric, value) == pytest.approx(points, abs=1e-9)


@pytest.mark.parametrize("how", [by_reference, by_sql])
@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(NAMES), one=VALUES, other=VALUES)
def test_better_is_never_worse_and_points_stay_in_range(
    how: Score, name: str, one: float, other: float
):
    metric = POLICY.metrics[name]
    worse, better = sorted([one, other], reverse=metric.better == "lower")
    low, high = how(metric, worse), how(metric, better)
    assert -1e-9 <= low <= high + 1e-9 <= 100 + 2e-9


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(NAMES), value=VALUES)
def test_sql_and_reference_agree(name: str, value: float):
    metric = POLICY.metrics[name]
    assert by_sql(metric, value) == pytest.approx(by_reference(metric, value), abs=1e-9)


@given(
    own=st.floats(0, 1000), prior=st.floats(0, 1000), n=EVIDENCE, more=EVIDENCE, k=st.floats(0, 100)
)
def test_evidence_moves_from_the_prior_to_the_own_value(
    own: float, prior: float, n: float, more: float, k: float
):
    anchors = Anchors(0, 1, 2, prior, k)
    n, more = sorted([n, more])
    few, many = believed(anchors, np.array([own, own]), np.array([n, more]))
    slack = 1e-9 * max(1.0, own, prior)
    assert min(own, prior) - slack <= few <= max(own, prior) + slack
    assert abs(many - own) <= abs(few - own) + slack
    (unseen,) = believed(anchors, np.array([np.nan]), np.array([more]))
    assert unseen == prior


@settings(max_examples=50, deadline=None)
@given(
    segment=st.sampled_from(POLICY.segments),
    outcome=st.sampled_from(OUTCOMES),
    tenure=st.integers(0, 200),
    missing=st.sets(st.sampled_from(NAMES), max_size=len(NAMES)),
)
def test_whatever_a_programme_lacks_its_weights_are_a_whole(
    segment: str, outcome: str, tenure: int, missing: set[str]
):
    applicable = frozenset(NAMES) - missing
    weights = POLICY.weights(1, segment, outcome, applicable, tenure)
    if weights:
        assert sum(weights.values()) == pytest.approx(1)
        assert min(weights.values()) >= 0
    if len(weights) > 1:
        assert weights.get("strategic_fit_rating", 0) <= 0.1 + 1e-12


RULES = POLICY.rules(1)


@given(scores=st.lists(st.floats(0, 100), min_size=6, max_size=30))
def test_a_band_changes_only_after_four_weeks_beyond_the_cut(scores: list[float]):
    cuts, bands = [35.0, 60.0], list[int]()
    asked = [Asked.by(score, cuts, 3.0) for score in scores]
    for week in range(len(scores)):
        bands.append(band_of(asked[: week + 1], bands, RULES, week))
    for week in range(4, len(scores)):
        before, now, recent = bands[week - 1], bands[week], scores[week - 3 : week + 1]
        if now > before:
            assert min(recent) >= cuts[now - 1] + 3
        elif now < before:
            assert max(recent) < cuts[now] - 3


# --- versions ---


@pytest.fixture
def two_versions(tmp_path: Path) -> Policy:
    return golden.with_second_version(tmp_path / "policy")


def test_a_new_version_is_blended_in_over_its_weeks(two_versions: Policy):
    start = date(2024, 12, 2)
    shares = [two_versions.shares(start + timedelta(weeks=week)) for week in range(-1, 9)]
    assert shares[0] == {1: 1.0}
    # An eighth more in each of eight weeks, the first included; then the old one is gone.
    assert shares[1] == {1: 7 / 8, 2: 1 / 8}
    assert shares[4] == {1: 0.5, 2: 0.5}
    assert shares[8] == shares[9] == {2: 1.0}
    # At half and half the newer one leads: its rules hold.
    leads = [two_versions.leading(start + timedelta(weeks=week)) for week in range(-1, 9)]
    assert leads == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2]


def test_a_proposed_version_has_no_share(two_versions: Policy):
    table = two_versions.seeds / "framework_versions.csv"
    table.write_text(table.read_text().replace("2,approved", "2,proposed"))
    assert Policy(two_versions.seeds).shares(date(2025, 3, 3)) == {1: 1.0}
