"""Measures are those of scikit-learn and scipy; intervals hold what they promise."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import brier_score_loss, roc_auc_score

from orchestration.evaluation import measures


@pytest.fixture
def drawn() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(5)
    score = generator.integers(0, 30, 400).astype(float)  # with many ties
    return (generator.uniform(size=400) < score / 40).astype(float), score


def test_measures_are_those_of_libraries(drawn: tuple[np.ndarray, np.ndarray]):
    happened, score = drawn
    amount = happened * np.arange(400)
    assert measures.auc(happened, score) == pytest.approx(roc_auc_score(happened, score))
    assert measures.spearman(amount, score) == pytest.approx(spearmanr(amount, score).statistic)
    assert measures.brier(happened, score / 40) == pytest.approx(
        brier_score_loss(happened, score / 40)
    )


def test_where_nothing_can_be_measured_it_says_so():
    assert np.isnan(measures.auc(np.ones(5), np.arange(5.0)))
    assert measures.spearman(np.ones(5), np.arange(5.0)) == 0


def test_lift_is_what_the_best_tenths_hold():
    # The best of ten has 5 of 10, the next 3, the next 2, the others nothing.
    amount = np.array([0, 0, 0, 0, 0, 0, 0, 2, 3, 5.0])
    assert measures.lift(amount, np.arange(10.0)) == pytest.approx([0.5, 0.8, *[1.0] * 8])


def test_a_partner_is_drawn_with_all_its_rows():
    partner = np.array(["a", "b", "a", "c", "b", "a"])
    for places in measures.draws(partner, times=20):
        names, rows = np.unique(partner[places], return_counts=True)
        for name, count in zip(names, rows, strict=True):
            assert count % (partner == name).sum() == 0
        assert len(names) <= 3 and len(places) >= 3


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Two normal distributions one deviation apart have AUC Phi(1 / sqrt 2) = .760."""
    held = 0
    for seed in range(100):
        generator = np.random.default_rng(seed)
        happened = np.repeat([0.0, 1.0], 60)
        score = generator.normal(happened, 1)
        drawing = measures.bootstrap(
            measures.auc,
            happened,
            {"score": score, "noise": generator.normal(size=120)},
            measures.draws(np.arange(120).astype(str), times=200),
        )
        estimate = drawing.estimate("score")
        held += estimate.low <= 0.7602 <= estimate.high
    assert 88 <= held <= 99  # of 95 expected, three deviations either way
    assert drawing.difference("score", "noise").low > 0
