"""Fits find what was planted, hold to the experts when pulled, and agree with scikit-learn."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import nnls
from scipy.special import expit
from scipy.stats import rankdata
from sklearn.linear_model import LinearRegression, LogisticRegression

from orchestration.evaluation import fitting
from orchestration.evaluation.framework import lines
from tests.python.evaluation.made_up import framework, rows, sample, with_open

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
    splits = [(planted("engagement"), planted("engagement", seed=seed)) for seed in (2, 3)]
    pull, held = fitting.choose_pull(splits, frame, "engagement")
    assert pull <= 0.003 and held[pull] > held[np.inf] + 0.01
    assert held[pull] == max(held.values())


@pytest.mark.parametrize("own_share", [1.0, 0.3])
@pytest.mark.parametrize("pull", [0.0003, 0.03])
def test_whatever_is_fitted_the_weights_are_shares(pull: float, own_share: float):
    frame = with_open(framework(own_share), "answers")
    for outcome, seed in (("engagement", 5), ("revenue", 6), ("revenue", 7)):
        generator = np.random.default_rng(seed)
        truth = generator.exponential(size=300) * (generator.uniform(size=300) < 0.6)
        known = sample(rows(300, seed), truth if outcome == "revenue" else 1.0 * (truth > 0), frame)
        shares = fitting.fit(known, frame, outcome, pull).shares(frame)
        assert (shares >= 0).all()
        np.testing.assert_allclose(shares.sum(axis=2), 1)
        assert (shares[:, :, 4] == 0).all()  # nobody reports it


def test_a_metric_that_experts_gave_nothing_is_found():
    known = planted("revenue")  # answers count four times what experts say of the layer
    frame = with_open(framework(), "answers")
    known = sample(known.rows, known.truth, frame)
    found = fitting.fit(known, frame, "revenue", pull=1e-5)
    wanted = framework().shares("revenue", EMPHASIS)
    assert np.abs(found.shares(frame) - wanted).max() < 0.06
    assert frame.shares("revenue")[:, :, 2].max() == 0 < wanted[:, :, 2].min()
    # Not opened, it stays at nothing; and so it does where the experts' weights stay.
    closed = replace(frame, metrics=framework().metrics)
    assert fitting.fit(known, closed, "revenue", pull=1e-5).shares(closed)[:, :, 2].max() == 0
    np.testing.assert_array_equal(
        fitting.fit(known, frame, "revenue", pull=np.inf).shares(frame), frame.shares("revenue")
    )


def test_without_a_pull_it_is_least_squares_with_weights_that_are_not_negative():
    """One segment and one tenure: then factors leave all weights free, as scipy's nnls does."""
    frame = with_open(framework(), "answers")
    made = planted("revenue", 3000)
    rows_of_one = replace(
        made.rows, segment=np.zeros(3000, dtype=int), tenure=np.full(3000, 20, dtype=int)
    )
    score = rows_of_one.scores(frame) @ np.array([0.2, 0.1, 0.25, 0.45, 0])
    truth = np.exp(score / 10 + np.random.default_rng(9).normal(0, 1, 3000))
    known = sample(rows_of_one, truth, frame)
    found = fitting.fit(known, frame, "revenue", pull=1e-9).shares(frame)[0, 20]
    ranks = rankdata(truth) / 3000
    free, _ = nnls(known.scores - known.scores.mean(axis=0), ranks - ranks.mean())
    free[4] = 0
    np.testing.assert_allclose(found, free / free.sum(), atol=0.01)
