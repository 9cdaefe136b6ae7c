"""Calibrations of a sample programme, held against scikit-learn.

Cases by hand are in models/predictions; here every fit of a programme is made a second time.
"""

from collections import defaultdict

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from tests.python.pipeline.running import Programme

GROUPS = 20
LEVELS = {"programme": "'all'", "segment": "segment"}


def fits(released: Programme, level: str) -> dict[tuple, np.ndarray]:
    """Score, partners and rate of each point of a fit, by origin, segment, outcome and knot."""
    found = defaultdict(list)
    for *key, point, partners, rate in released.rows(f"""
            select origin_week, {LEVELS[level]}, outcome, knot, point, partners, rate
            from predictions.{level}_rates order by all"""):
        found[tuple(key)].append((point, partners, rate))
    return {key: np.array(rows, dtype=float) for key, rows in found.items()}


def curves(released: Programme, level: str, method: str) -> dict[tuple, np.ndarray]:
    """The likelihood at 0 to 100, where there is a fit."""
    found = defaultdict(list)
    for *key, likelihood in released.rows(f"""
            select origin_week, segment, outcome, knot, {method}_likelihood
            from predictions.{level}_curves where intercept is not null
            order by origin_week, segment, outcome, knot, point"""):
        found[tuple(key)].append(likelihood)
    return {key: np.array(values) for key, values in found.items()}


@pytest.mark.parametrize("level", LEVELS)
def test_logistic_curves_are_those_of_scikit_learn(released: Programme, level: str):
    rates, built = fits(released, level), curves(released, level, "logistic")
    assert set(built) == set(rates)
    steep = 0
    for key, curve in built.items():
        point, partners, rate = rates[key].T
        x = np.concatenate([point, point])[:, None] / 10
        y = np.concatenate([np.ones_like(point), np.zeros_like(point)])
        weights = np.concatenate([partners * rate, partners * (1 - rate)])
        if len(point) == 1:
            continue
        model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000)
        model.fit(x, y, sample_weight=weights)
        expected = model.predict_proba(np.arange(101)[:, None] / 10)[:, 1]
        np.testing.assert_allclose(curve, expected, atol=1e-5)
        steep += model.coef_[0][0] > 0.5
    assert len(built) > 40 and steep > 20


@pytest.mark.parametrize("level", LEVELS)
def test_isotonic_curves_are_those_of_scikit_learn(released: Programme, level: str):
    rates, built = fits(released, level), curves(released, level, "isotonic")
    assert set(built) == set(rates)
    pooled = 0
    for key, curve in built.items():
        point, partners, rate = rates[key].T
        middle = np.cumsum(partners) - partners / 2
        group = np.floor(GROUPS * middle / partners.sum()).astype(int)
        members = [group == each for each in np.unique(group)]
        x = [np.average(point[each], weights=partners[each]) for each in members]
        y = [np.average(rate[each], weights=partners[each]) for each in members]
        weights = [partners[each].sum() for each in members]
        assert len(members) <= GROUPS
        model = IsotonicRegression(out_of_bounds="clip").fit(x, y, sample_weight=weights)
        np.testing.assert_allclose(curve, model.predict(np.arange(101)), atol=1e-8)
        pooled += not np.allclose(model.predict(x), y)
    # Somewhere a rate falls, or nothing would have been put together.
    assert pooled > 20
