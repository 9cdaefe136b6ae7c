"""Predictions and backtest of a sample programme, held against scikit-learn and scipy.

Cases by hand are in models/predictions; here every fit and every figure is made a second time.
"""

from collections import defaultdict

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics
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
        model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
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
        # An edge of a group is where numbers of nine digits have it.
        group = np.floor(np.round(GROUPS * middle / partners.sum(), 9)).astype(int)
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


SEGMENTS = """(
    select distinct segment, segment as level from predictions.prediction_outcomes
    union all select distinct segment, 'all' from predictions.prediction_outcomes)"""
MONTH = "strftime(week_start, '%Y-%m')"


def judged(released: Programme, predictor: str) -> dict[tuple, list]:
    """Likelihood and outcome of every partner by month, segment (and all) and outcome.

    Predictions as they were made; of a naive predictor what it would have said: the share among
    partners with the same value whose outcome was known by then, with everybody as one window.
    """
    if predictor == "prediction":
        rows = released.rows(f"""
            select {MONTH}, level, outcome, round(likelihood, 4), is_reached
            from predictions.expected_outcomes inner join {SEGMENTS} using (segment)
            where known_week is not null and basis != 'nothing known' and outcome != 'revenue'
            order by all""")
    else:
        rows = released.rows(f"""
            with past as (
                select origin_week, outcome, past.{predictor}, count(*) as partners,
                    count(*) filter (where is_reached) as events
                from predictions.prediction_origins
                inner join predictions.prediction_outcomes as past on known_week <= origin_week
                group by all
            ), everybody as (
                select origin_week, outcome, sum(events) / sum(partners) as share
                from past group by all
            )
            select {MONTH}, level, outcome, round(
                (coalesce(events, 0) + windows * share) / (coalesce(partners, 0) + windows), 4
            ), is_reached
            from predictions.prediction_outcomes as outcomes
            inner join {SEGMENTS} using (segment)
            inner join (select outcome, (last_week - first_week + 1) / 52 * 12 as windows
                from policy.outcome_definitions) using (outcome)
            inner join everybody
                on origin_week = week_start and everybody.outcome = outcomes.outcome
            left join past on past.origin_week = week_start and past.outcome = outcomes.outcome
                and past.{predictor} = outcomes.{predictor}
            where outcomes.outcome != 'revenue' order by all""")
    found = defaultdict(list)
    for *key, likelihood, is_reached in rows:
        found[tuple(key)].append((likelihood, is_reached))
    return found


def captured(values: np.ndarray, gain: np.ndarray, share: float) -> float:
    """Expected share of the gain among the first `share` when ties are drawn by lot."""
    order = np.argsort(-values, kind="stable")
    values, gain = values[order], gain[order].astype(float)
    for value in np.unique(values):
        gain[values == value] = gain[values == value].mean()
    first = share * len(values)
    whole = int(first)
    rest = (first - whole) * gain[whole] if whole < len(gain) else 0
    return (gain[:whole].sum() + rest) / gain.sum()


@pytest.mark.parametrize("predictor", ["prediction", "weeks_idle", "tier_and_tenure"])
def test_the_backtest_is_that_of_scikit_learn(released: Programme, predictor: str):
    built = {
        tuple(row[:3]): row[3:]
        for row in released.rows(f"""
            select period, segment, outcome, partners, events, auc, brier, log_loss,
                captured_by_tenth, captured_by_fifth, calibration_intercept, calibration_slope
            from marts.prediction_backtest
            where predictor = '{predictor}' and outcome != 'revenue' and period != 'all'""")
    }
    rows = judged(released, predictor)
    assert set(built) == set(rows)
    ranked = fitted = 0
    for key, (partners, events, auc, brier, loss, tenth, fifth, intercept, slope) in built.items():
        likelihood, reached = np.array(rows[key], dtype=float).T
        assert (partners, events) == (len(reached), reached.sum())
        assert brier == pytest.approx(np.mean((likelihood - reached) ** 2), abs=1e-6)
        clipped = np.clip(likelihood, 1e-4, 1 - 1e-4)
        assert loss == pytest.approx(metrics.log_loss(reached, clipped, labels=[0, 1]), abs=1e-6)
        if reached.sum():
            assert tenth == pytest.approx(captured(likelihood, reached, 0.1), abs=1e-6)
            assert fifth == pytest.approx(captured(likelihood, reached, 0.2), abs=1e-6)
        if 0 < reached.sum() < len(reached):
            assert auc == pytest.approx(metrics.roc_auc_score(reached, likelihood), abs=1e-6)
            ranked += 1
        else:
            assert auc is None
        if slope is not None:
            odds = np.log(clipped / (1 - clipped))[:, None]
            model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
            model.fit(odds, reached)
            assert slope == pytest.approx(model.coef_[0][0], abs=1e-4)
            assert intercept == pytest.approx(model.intercept_[0], abs=1e-4)
            fitted += 1
    assert ranked > 50
    assert (fitted > 20) == (predictor == "prediction")


def test_errors_of_amounts_are_those_of_numpy_and_scipy(released: Programme):
    rows = defaultdict(list)
    for *key, expected, amount in released.rows(f"""
            select {MONTH}, level, round(expected_amount, 2), amount
            from predictions.expected_outcomes inner join {SEGMENTS} using (segment)
            where known_week is not null and outcome = 'revenue' and expected_amount is not null
                and basis != 'nothing known'
            order by all"""):
        rows[tuple(key)].append((expected, amount))
    built = released.rows("""
        select period, segment, spearman, mean_absolute_error, root_mean_squared_error,
            predicted_sum, actual_sum, captured_by_tenth
        from marts.prediction_backtest
        where outcome = 'revenue' and predictor = 'prediction' and period != 'all'""")
    assert {(period, segment) for period, segment, *_ in built} == set(rows)
    ranked = 0
    for period, segment, spearman, distance, root, predicted, actual, tenth in built:
        expected, amount = np.array(rows[period, segment], dtype=float).T
        assert distance == pytest.approx(np.mean(abs(expected - amount)), abs=0.01)
        assert root == pytest.approx(np.sqrt(np.mean((expected - amount) ** 2)), abs=0.01)
        assert (predicted, actual) == pytest.approx((expected.sum(), amount.sum()), abs=0.01)
        if amount.any():
            assert tenth == pytest.approx(captured(expected, amount, 0.1), abs=1e-6)
            steps = np.floor(20 * np.log(np.where(amount > 0, amount, 1e-9)))
            given = stats.spearmanr(expected, steps).statistic
            assert (
                spearman == pytest.approx(given, abs=1e-6) if given == given else spearman is None
            )
            ranked += 1
    assert ranked > 20


def test_intervals_of_shares_are_those_of_scipy(released: Programme):
    built = released.rows("""
        select partners, events, mean_likelihood, likelihood_tenth, observed_share, observed_low,
            observed_high
        from marts.prediction_calibration where period != 'all'""")
    for partners, events, likelihood, tenth, share, low, high in built:
        given = stats.binomtest(events, partners).proportion_ci(0.95, method="wilson")
        assert (low, high) == pytest.approx((given.low, given.high), abs=1e-6)
        assert share == pytest.approx(events / partners)
        assert tenth / 10 <= likelihood <= (tenth + 1) / 10
    assert len(built) > 100


def test_what_cannot_be_said_yet_is_a_statement(released: Programme):
    """This programme is too young for numbers of revenue: no partner has one, each has a reason."""
    rows = released.rows("""
        select prediction_status, partner_predictions.productive_likelihood,
            productive_likelihood_band,
            productive_missing, partner_predictions.expected_revenue, revenue_missing,
            productive_available_from, week_start, status
        from marts.partner_predictions
        inner join marts.partner_scorecards using (partner_id, week_start)""")
    assert {row[0] for row in rows} >= {"bands", "unscored"} or len(rows) > 40
    scored = [row for row in rows if row[-1] in ("provisional", "published")]
    assert len(scored) > 20
    for _, number, band, missing, revenue, why, available, week, _ in scored:
        assert (number is None) == (missing is not None)
        assert (revenue is None) == (why is not None)
        assert band in ("low", "medium", "high")
        if number is None:
            assert "known" in missing and (available is None or available > week)
