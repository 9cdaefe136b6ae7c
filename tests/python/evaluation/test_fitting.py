"""Fits find what was planted, hold to the experts when pulled, and agree with scikit-learn."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LinearRegression, LogisticRegression

from orchestration.evaluation import fitting
from orchestration.evaluation.framework import lines
from tests.python.evaluation.made_up import framework, rows, sample

EMPHASIS = np.log([1, 1 / 4, 4, 1, 1])  # answers count 16 times as much beside pace


def planted(outcome: str, count: int = 6000, seed: int = 1) -> fitting.Sample:
    """Rows whose outcome follows the score of a framework with other weights than the experts'."""
    frame, made = framework(), rows(count, seed)
    score = made.totals(made.scores(frame), frame.shares(outcome, EMPHASIS), outcome)
    generator = np.random.default_rng(seed + 100)
    if outcome == "engagement":
        truth = (generator.uniform(size=count) < expit((score - 70) / 5)).astype(float)
    else:
        truth = np.exp(score / 10 + generator.normal(0, 0.3, count))
    return sample(made, truth, frame)


@pytest.mark.parametrize("outcome", ["engagement", "revenue"])
def test_planted_weights_are_found(outcome: str):
    frame = framework()
    found = fitting.fit(planted(outcome), frame, outcome, pull=1e-5).shares(frame)
    wanted, experts = frame.shares(outcome, EMPHASIS), frame.shares(outcome)
    assert np.abs(found - wanted).max() < 0.05
    assert np.abs(experts - wanted).max() > 0.15
    np.testing.assert_allclose(found.sum(axis=2), 1)
    assert (found >= 0).all()


@pytest.mark.parametrize("outcome", ["engagement", "revenue"])
def test_a_strong_pull_keeps_the_experts_weights(outcome: str):
    frame = framework()
    found = fitting.fit(planted(outcome, 800), frame, outcome, pull=1e3)
    np.testing.assert_allclose(found.shares(frame), frame.shares(outcome), atol=1e-3)


@pytest.mark.parametrize("outcome", ["engagement", "revenue"])
def test_with_the_experts_weights_it_is_an_ordinary_regression(outcome: str):
    frame, known = framework(), planted(outcome, 2000)
    found = fitting.fit(known, frame, outcome, pull=np.inf)
    score = known.rows.totals(known.scores, frame.shares(outcome), outcome)
    hats = lines(known.rows.tenure.astype(float), frame.stages, np.eye(len(frame.stages)))
    x = np.column_stack([hats, score / 10])
    if outcome == "engagement":
        model = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10, max_iter=10_000)
        predicted = model.fit(x, known.truth).decision_function(x)
    else:
        ranks = np.argsort(np.argsort(known.truth)) + 1
        predicted = LinearRegression(fit_intercept=False).fit(x, ranks / len(x)).predict(x)
    np.testing.assert_allclose(found.predictor(known, frame), predicted, atol=0.02)


def test_later_data_choose_how_strong_the_pull_is():
    frame = framework()
    pull, losses = fitting.choose_pull(
        planted("engagement"), planted("engagement", seed=2), frame, "engagement"
    )
    assert pull <= 0.003 and losses[pull] < losses[np.inf] - 0.01
