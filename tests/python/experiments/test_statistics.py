"""Two arms tested from summary statistics: by hand, and as scipy does it with the values."""

from math import comb, log

import numpy as np
import pytest
from scipy import stats

from orchestration.experiments.statistics import (
    Arm,
    at_equal_scores,
    chance_by_permutation,
    chance_of_sizes,
    compare_means,
    compare_shares,
    detectable_difference,
)


def arm_of(values: np.ndarray, scores: np.ndarray | None = None) -> Arm:
    """What SQL would count."""
    if scores is None:
        return Arm(len(values), values.mean(), values.var(ddof=1))
    together = np.cov(values, scores)
    return Arm(
        len(values), values.mean(), together[0, 0],
        scores.mean(), together[1, 1], together[0, 1],
    )  # fmt: skip


@pytest.fixture
def drawn() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return rng.normal(10, 3, 40), rng.normal(12, 7, 23)


def test_means_by_hand():
    # Control 1 2 3 4 (mean 2.5, variance 5/3), treatment 4 6 8 (mean 6, variance 4).
    # Squared error 5/12 + 4/3 = 1.75; freedom 1.75^2 / ((5/12)^2/3 + (4/3)^2/2) = 3.234.
    found = compare_means(Arm(4, 2.5, 5 / 3), Arm(3, 6, 4), alpha=0.05)
    reach = stats.t.ppf(0.975, 1.75**2 / ((5 / 12) ** 2 / 3 + (4 / 3) ** 2 / 2)) * 1.75**0.5
    assert found is not None
    assert (found.difference, found.low, found.high) == pytest.approx(
        (3.5, 3.5 - reach, 3.5 + reach)
    )


def test_means_are_those_of_scipy(drawn: tuple[np.ndarray, np.ndarray]):
    control, treatment = drawn
    found = compare_means(arm_of(control), arm_of(treatment), alpha=0.1)
    tested = stats.ttest_ind(treatment, control, equal_var=False)
    interval = tested.confidence_interval(0.9)
    assert found is not None
    assert found.p_value == pytest.approx(tested.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_nothing_is_said_of_one_partner_or_of_values_that_do_not_vary():
    assert compare_means(Arm(1, 2.0, None), Arm(9, 3.0, 1.0), 0.05) is None
    assert compare_means(Arm(5, 2.0, 0.0), Arm(9, 3.0, 0.0), 0.05) is None
    one_varies = compare_means(Arm(5, 2.0, 0.0), Arm(9, 3.0, 1.0), 0.05)
    assert one_varies is not None and one_varies.high - one_varies.low == pytest.approx(
        2 * stats.t.ppf(0.975, 8) / 3
    )


def test_equal_scores_are_a_regression_within_arms():
    """The adjusted difference is the coefficient of the arm in a regression on arm and score."""
    rng = np.random.default_rng(8)
    scores = rng.normal(50, 10, 120)
    is_treated = np.arange(120) < 55
    values = 3 * scores + 20 * is_treated + rng.normal(0, 4, 120)
    adjusted = at_equal_scores(
        arm_of(values[~is_treated], scores[~is_treated]),
        arm_of(values[is_treated], scores[is_treated]),
    )
    assert adjusted is not None
    control, treatment = adjusted
    design = np.column_stack([np.ones(120), is_treated, scores])
    coefficients = np.linalg.lstsq(design, values, rcond=None)[0]
    assert treatment.mean - control.mean == pytest.approx(coefficients[1])
    left = values - coefficients[2] * scores
    assert control.variance == pytest.approx(left[~is_treated].var(ddof=1))
    plain = compare_means(arm_of(values[~is_treated]), arm_of(values[is_treated]), 0.05)
    equal = compare_means(control, treatment, 0.05)
    assert plain is not None and equal is not None
    # The score explains most of what varies, and the true effect of 20 stays in the interval.
    assert (equal.high - equal.low) < (plain.high - plain.low) / 4
    assert equal.low < 20 < equal.high


def test_equal_scores_need_scores():
    assert at_equal_scores(Arm(9, 1.0, 1.0), Arm(9, 2.0, 1.0)) is None


def test_shares_by_hand():
    # 30 of 100 against 50 of 100, one more of either kind each: 31/102 and 51/102.
    found = compare_shares(Arm(100, 0.3, 0.2), Arm(100, 0.5, 0.2), alpha=0.05)
    one, other = 31 / 102, 51 / 102
    error = ((one * (1 - one) + other * (1 - other)) / 102) ** 0.5
    assert found is not None
    assert found.difference == pytest.approx(0.2)
    assert found.p_value == pytest.approx(2 * stats.norm.sf((other - one) / error))
    reach = stats.norm.ppf(0.975) * error
    assert (found.low, found.high) == pytest.approx((20 / 102 - reach, 20 / 102 + reach))


@pytest.mark.parametrize(("control", "treatment"), [((1, 0), (1, 1)), ((5, 5), (3, 0))])
def test_small_arms_have_an_interval_too(control: tuple[int, int], treatment: tuple[int, int]):
    arms = [Arm(partners, reached / partners, None) for partners, reached in (control, treatment)]
    found = compare_shares(*arms, alpha=0.05)
    assert found is not None and -1 <= found.low <= found.difference <= found.high <= 1
    assert found.low < found.high
    assert compare_shares(Arm(10, 0.0, 0.0), Arm(10, 0.0, 0.0), 0.05) is None


def test_sizes_by_hand():
    # 60 and 40 where 50 were planned: chi-square 2 + 2 = 4 with one degree of freedom.
    assert chance_of_sizes([60, 40], [0.5, 0.5]) == pytest.approx(stats.norm.sf(2) * 2)
    assert chance_of_sizes([75, 25], [0.75, 0.25]) == 1
    assert chance_of_sizes([50, 50, 3], [0.5, 0.5, 0.0]) == 0, "an arm that was never planned"
    assert chance_of_sizes([0, 0], [0.5, 0.5]) is None


def test_an_effect_of_the_detectable_size_is_found_as_often_as_planned():
    control, treatment = Arm(60, 0.0, 4.0), Arm(60, 0.0, 4.0)
    effect = detectable_difference(control, treatment, alpha=0.05, power=0.8)
    assert effect is not None
    # Lehr's rule: 16 x variance / effect^2 per arm, so 60 = 16 x 4 / effect^2.
    assert effect == pytest.approx((16 * 4 / 60) ** 0.5, rel=0.02)
    rng = np.random.default_rng(1)
    one, other = rng.normal(0, 2, (4000, 60)), rng.normal(effect, 2, (4000, 60))
    found = stats.ttest_ind(other, one, axis=1, equal_var=False).pvalue < 0.05
    assert found.mean() == pytest.approx(0.8, abs=0.02)


def test_permutation_by_hand():
    # All four treated above all four controls: one order of comb(8, 4) = 70, either way.
    chance = chance_by_permutation([1, 2, 3, 4], [5, 6, 7, 8], 9999, "by hand")
    assert chance == pytest.approx(2 / comb(8, 4))
    again = [chance_by_permutation(range(30), range(4, 34), 999, name) for name in "aab"]
    assert again[0] == again[1] != again[2]
    assert log(again[0] / 0.08) == pytest.approx(0, abs=0.5)
