"""How well a score tells what happened, with intervals that respect that a partner has many weeks.

Written on ranks where that is much faster than a library's call, a thousand draws long; tests
compare with scikit-learn and scipy.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from orchestration.evaluation.framework import Array

Measure = Callable[[Array, Array], float]

DRAWS = 1000
SEED = 20260101


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95% interval (percentile bootstrap)."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def auc(happened: Array, score: Array) -> float:
    """The chance that one to whom it happened scores above one to whom it did not (ties: half).

    Mann and Whitney's U from average ranks; NaN where all or none had it.
    """
    positive = happened.sum()
    negative = len(happened) - positive
    if not positive or not negative:
        return float("nan")
    ranks = rankdata(score)[happened > 0].sum()
    return float((ranks - positive * (positive + 1) / 2) / (positive * negative))


def spearman(amount: Array, score: Array) -> float:
    """Rank correlation; 0 where one of the two is all the same."""
    if np.ptp(amount) == 0 or np.ptp(score) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(amount), rankdata(score))[0, 1])


def of(outcome: str) -> Measure:
    """The measure of order that scores of an outcome are judged by."""
    return auc if outcome == "engagement" else spearman


def name_of(outcome: str) -> str:
    """What people call that measure."""
    return "AUC" if outcome == "engagement" else "Spearman"


def brier(happened: Array, probability: Array) -> float:
    """Mean squared distance of probability and outcome; less is better."""
    return float(np.mean((probability - happened) ** 2))


def lift(amount: Array, score: Array) -> list[float]:
    """The share of the amount that the best tenth, two tenths ... of the scores hold."""
    order = np.argsort(-score, kind="stable")
    held = np.cumsum(amount[order]) / (amount.sum() or 1.0)
    ends = np.ceil(np.arange(1, 11) / 10 * len(order)).astype(int) - 1
    return [float(each) for each in held[ends]]


def draws(partner: NDArray[np.str_], times: int = DRAWS) -> list[NDArray[np.int64]]:
    """Places of rows for each draw of partners with replacement; each comes with all its rows."""
    generator = np.random.default_rng(SEED)
    _, code = np.unique(partner, return_inverse=True)
    order = np.argsort(code, kind="stable")
    count = np.bincount(code)
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    if count.max() == 1:
        return [order[generator.integers(0, len(count), len(count))] for _ in range(times)]
    found = []
    for _ in range(times):
        chosen = generator.integers(0, len(count), len(count))
        found.append(np.concatenate([order[start[c] : start[c] + count[c]] for c in chosen]))
    return found


@dataclass(frozen=True)
class Drawn:
    """A measure of several scores of the same rows, on all of them and draw by draw."""

    value: dict[str, float]
    draws: dict[str, Array]

    def estimate(self, name: str) -> Estimate:
        return _interval(self.value[name], self.draws[name])

    def difference(self, name: str, other: str) -> Estimate:
        """One score's measure minus another's, paired: draw by draw on the same partners."""
        return _interval(self.value[name] - self.value[other], self.draws[name] - self.draws[other])


def bootstrap(
    measure: Measure, truth: Array, scores: Mapping[str, Array], drawn: list[NDArray[np.int64]]
) -> Drawn:
    """The measure of each score; every score sees the same draws."""
    return Drawn(
        {name: measure(truth, score) for name, score in scores.items()},
        {
            name: np.array([measure(truth[places], score[places]) for places in drawn])
            for name, score in scores.items()
        },
    )


def _interval(value: float, drawn: Array) -> Estimate:
    if np.isnan(value) or np.isnan(drawn).all():
        return Estimate(value, float("nan"), float("nan"))
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Estimate(value, float(low), float(high))
