"""What was foretold month by month beside what came of it, from the backtest marts."""

from typing import Any

import duckdb
from markupsafe import Markup

from orchestration.database import rows_of
from orchestration.evaluation import plots

PREDICTION = "prediction"
# What anybody could have said without a model; the words of the report for them.
NAIVE = {
    "equal_weights": "equal weights",
    "weeks_idle": "weeks idle",
    "last_revenue": "last revenue",
    "tier_and_tenure": "tier and tenure",
    "segment_mean": "mean of the segment",
}
LIKELIHOODS = {"engaged": "Staying engaged", "productive": "Being productive"}
COVERAGE_WANTED = 0.8


def sections(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The parts of the report: a title, sentences and plots each; or what is missing."""
    parts = [
        part
        for part in (
            *(_likelihood(connection, *each) for each in LIKELIHOODS.items()),
            _revenue(connection),
        )
        if part is not None
    ]
    missing = None
    if not parts:
        said = connection.execute(
            """select distinct engagement_missing from marts.partner_predictions
            where engagement_missing is not null order by all limit 3"""
        ).fetchall()
        missing = "Not yet: " + ("; ".join(row[0] for row in said) or "nothing was foretold.")
    return {"missing": missing, "parts": parts}


def _likelihood(
    connection: duckdb.DuckDBPyConnection, outcome: str, title: str
) -> dict[str, Any] | None:
    figures = _overall(connection, outcome)
    if PREDICTION not in figures:
        return None
    own = figures[PREDICTION]
    bins = connection.execute(
        """select mean_likelihood, observed_share, observed_low, observed_high, partners
        from marts.prediction_calibration
        where period = 'all' and segment = 'all' and outcome = ? order by mean_likelihood""",
        [outcome],
    ).fetchall()
    lines = [
        f"{own['partners']:,} predictions of {own['origins']} months. AUC {own['auc']:.3f}, "
        f"Brier {own['brier']:.3f}; calibration slope {own['calibration_slope']:.2f} "
        f"(1 is perfect) and intercept {own['calibration_intercept']:+.2f} (0 is perfect).",
        "Without a model: "
        + ", ".join(
            f"{words} {figures[name]['auc']:.3f}"
            for name, words in NAIVE.items()
            if name in figures and figures[name]["auc"] is not None
        )
        + " (AUC).",
    ]
    return {
        "title": title,
        "lines": lines,
        "plots": [
            Markup(plots.reliability({"all segments": bins}, "Foretold and happened")),
            Markup(plots.over_time(_by_month(connection, outcome, "auc"), "AUC")),
        ],
    }


def _revenue(connection: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    figures = _overall(connection, "revenue")
    if PREDICTION not in figures:
        return None
    own = figures[PREDICTION]
    lines = [
        f"{own['partners']:,} predictions of {own['origins']} months: Spearman "
        f"{own['spearman']:.3f}; the tenth of partners expected to bring most brought "
        f"{own['captured_by_tenth']:.0%} of all revenue. Expected {own['predicted_sum']:,.0f}, "
        f"came {own['actual_sum']:,.0f}.",
        "Without a model: "
        + ", ".join(
            f"{words} {figures[name]['spearman']:.3f}"
            for name, words in NAIVE.items()
            if name in figures and figures[name]["spearman"] is not None
        )
        + " (Spearman).",
    ]
    drawn = [
        Markup(plots.over_time(_by_month(connection, "revenue", "spearman"), "Spearman")),
    ]
    if own["interval_coverage"] is not None:
        lines.append(
            f"{own['interval_coverage']:.1%} of {own['intervals']:,} stated intervals held what "
            f"came ({COVERAGE_WANTED:.0%} was promised)."
        )
        months = _by_month(connection, "revenue", "interval_coverage")
        drawn.append(
            Markup(
                plots.over_time(
                    {PREDICTION: months[PREDICTION]}, "held by intervals", [COVERAGE_WANTED]
                )
            )
        )
    return {"title": "Expected revenue", "lines": lines, "plots": drawn}


def _overall(connection: duckdb.DuckDBPyConnection, outcome: str) -> dict[str, dict[str, Any]]:
    """The figures over all months and segments, by predictor."""
    rows = rows_of(
        connection,
        """select * from marts.prediction_backtest
        where period = 'all' and segment = 'all' and outcome = ?""",
        [outcome],
    )
    return {row["predictor"]: row for row in rows if row["partners"]}


def _by_month(
    connection: duckdb.DuckDBPyConnection, outcome: str, figure: str
) -> dict[str, list[tuple[Any, float]]]:
    """A figure by month for the prediction and two naive predictors."""
    series: dict[str, list[tuple[Any, float]]] = {}
    for predictor, origin, value in connection.execute(
        f"""select predictor, first_origin, {figure} from marts.prediction_backtest
        where period != 'all' and segment = 'all' and outcome = ? and {figure} is not null
            and predictor in (?, 'equal_weights', 'weeks_idle')
        order by predictor != ?, predictor, first_origin""",
        [outcome, PREDICTION, PREDICTION],
    ).fetchall():
        series.setdefault(NAIVE.get(predictor, predictor), []).append((origin, value))
    return series
