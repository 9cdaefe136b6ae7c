"""Two arms compared on what SQL counted of them: means, shares, sizes. No database is touched here.

Formulas are scipy's and statsmodels'. What is written out is what neither gives: the interval that
belongs to Welch's test of summary statistics (Welch 1947, Biometrika 34, 28-35) and the adjustment
by a score from before (CUPED: Deng, Xu, Kohavi, Walker 2013, WSDM, 123-132).
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Arm:
    """What a test needs to know of an arm: a row of `experiment_statistics`."""

    partners: int
    mean: float
    variance: float | None
    score_mean: float | None = None
    score_variance: float | None = None
    score_covariance: float | None = None


@dataclass(frozen=True)
class Estimate:
    """Treatment minus control, its interval, and the chance of as much without any effect."""

    difference: float
    low: float
    high: float
    p_value: float


def compare_means(control: Arm, treatment: Arm, alpha: float) -> Estimate | None:
    """Welch's test; None where an arm has fewer than two partners or nothing varies."""
    if control.variance is None or treatment.variance is None:
        return None
    parts = [arm.variance / arm.partners for arm in (control, treatment) if arm.variance]
    squared_error = sum(parts)
    if squared_error <= 0:
        return None
    tested = stats.ttest_ind_from_stats(
        treatment.mean, math.sqrt(treatment.variance), treatment.partners,
        control.mean, math.sqrt(control.variance), control.partners,
        equal_var=False,
    )  # fmt: skip
    freedom = squared_error**2 / sum(
        (arm.variance / arm.partners) ** 2 / (arm.partners - 1)
        for arm in (control, treatment)
        if arm.variance
    )
    difference = treatment.mean - control.mean
    reach = float(stats.t.ppf(1 - alpha / 2, freedom)) * math.sqrt(squared_error)
    return Estimate(difference, difference - reach, difference + reach, float(tested.pvalue))


def slope_on_score(control: Arm, treatment: Arm) -> float | None:
    """What a point of the score before goes with, within arms; None where that cannot be told."""
    covariance = variance = 0.0
    for arm in (control, treatment):
        if arm.score_covariance is None or arm.score_variance is None:
            return None
        covariance += (arm.partners - 1) * arm.score_covariance
        variance += (arm.partners - 1) * arm.score_variance
    return covariance / variance if variance > 0 else None


def at_equal_scores(control: Arm, treatment: Arm) -> tuple[Arm, Arm] | None:
    """The arms as they would be had both had the same mean score before."""
    slope = slope_on_score(control, treatment)
    if slope is None or control.score_mean is None or treatment.score_mean is None:
        return None
    everybody = control.partners + treatment.partners
    middle = (
        control.partners * control.score_mean + treatment.partners * treatment.score_mean
    ) / everybody

    def adjusted(arm: Arm) -> Arm:
        assert arm.score_mean is not None and arm.variance is not None
        assert arm.score_variance is not None and arm.score_covariance is not None
        variance = arm.variance + slope**2 * arm.score_variance - 2 * slope * arm.score_covariance
        mean = arm.mean - slope * (arm.score_mean - middle)
        # The last digits of a difference of sums may fall below nothing.
        return replace(arm, mean=mean, variance=max(variance, 0.0))

    return adjusted(control), adjusted(treatment)


def compare_shares(control: Arm, treatment: Arm, alpha: float) -> Estimate | None:
    """Difference of two shares, test and interval by Agresti and Caffo (2000, Am. Stat. 54,
    280-288): one more of either kind in each arm, so that small arms have an interval too."""
    from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

    if not control.partners or not treatment.partners:
        return None
    counts = [round(arm.mean * arm.partners) for arm in (treatment, control)]
    if sum(counts) in (0, treatment.partners + control.partners):
        return None  # nobody, or everybody: there is nothing to tell apart
    words: dict[str, Any] = {"compare": "diff", "method": "agresti-caffo"}
    arms = (counts[0], treatment.partners, counts[1], control.partners)
    with np.errstate(divide="ignore", invalid="ignore"):  # of ratios, which nobody asked for
        low, high = confint_proportions_2indep(*arms, alpha=alpha, **words)
        tested = test_proportions_2indep(*arms, **words)
    difference = treatment.mean - control.mean
    # Its middle is drawn towards nothing: in tiny arms the interval can miss what was counted.
    low, high = max(min(float(low), difference), -1.0), min(max(float(high), difference), 1.0)
    return Estimate(difference, low, high, float(tested.pvalue))


def chance_of_sizes(partners: Sequence[int], shares: Sequence[float]) -> float | None:
    """Chance of arms so far from their planned sizes (chi-square); None without partners."""
    total, planned = sum(partners), sum(shares)
    if not total or not planned:
        return None
    expected = [total * share / planned for share in shares]
    if any(size <= 0 for size in expected):
        return 0.0 if any(n for n, size in zip(partners, expected, strict=True) if size <= 0) else 1
    return float(stats.chisquare(partners, expected).pvalue)


def detectable_difference(control: Arm, treatment: Arm, alpha: float, power: float) -> float | None:
    """The smallest true difference that such arms would show with a chance of `power`."""
    from statsmodels.stats.power import TTestIndPower

    if control.variance is None or treatment.variance is None:
        return None
    spread = math.sqrt((control.variance + treatment.variance) / 2)
    if spread <= 0:
        return None
    effect = TTestIndPower().solve_power(
        nobs1=treatment.partners,
        ratio=control.partners / treatment.partners,
        alpha=alpha,
        power=power,
    )
    return float(np.squeeze(effect)) * spread


def chance_by_permutation(
    control: Sequence[float], treatment: Sequence[float], orders: int, name: str
) -> float:
    """Chance of such a difference of means if arms were names only; `name` fixes the orders."""

    def difference(one: Any, other: Any, axis: int) -> Any:
        return np.mean(one, axis=axis) - np.mean(other, axis=axis)

    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    tested = stats.permutation_test(
        (np.asarray(treatment, float), np.asarray(control, float)),
        difference,
        vectorized=True,
        n_resamples=orders,
        rng=np.random.default_rng(seed),
    )
    return float(tested.pvalue)
