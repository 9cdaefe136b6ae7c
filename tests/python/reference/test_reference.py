"""The score is computed twice, by SQL and by plain Python from the same definitions; over a whole
programme no cell may differ.

What differs here is a fault of one of the two: find out by the catalogue which, never by the other.
"""

import pytest

from orchestration.sample import generate
from tests.python.pipeline.running import Programme
from tests.python.reference.compared import (
    compare_metric_scores,
    compare_metrics,
    compare_scores,
    score_all,
)
from tests.python.reference.policy import Policy
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
