"""Results: what the plans, and what SQL counted, say of every experiment, as rows of two tables.

`derived.experiment_results` has an estimate per metric, arm and analysis, `derived.
experiment_verdicts` what follows for the arm; two marts show them. Before the planned look no
estimate is made at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from orchestration import derived
from orchestration.database import connect
from orchestration.experiments import statistics
from orchestration.experiments.plans import (
    Metric,
    Plan,
    Recommendation,
    Row,
    is_harmed,
    read_plans,
    recommend,
    rows_of,
)
from orchestration.experiments.statistics import Arm, Estimate
from orchestration.settings import Settings

SCALES = ("raw", "winsorised", "log")


@dataclass(frozen=True)
class Report:
    """What was written."""

    results: list[Row]
    verdicts: list[Row]


@dataclass(frozen=True)
class Found:
    """What the working database says of one experiment."""

    plan: Plan
    as_of: date
    balance: list[Row]
    arms: Mapping[tuple[str, str, str], Arm]  # metric, arm, scale

    def arm(self, metric: str, arm: str, scale: str) -> Arm:
        return self.arms.get((metric, arm, scale), Arm(0, 0.0, None))

    @property
    def partners(self) -> int:
        return sum(row["partners"] for row in self.balance)

    @property
    def state(self) -> str:
        if not self.partners:
            return "not assigned"
        return "too early" if self.as_of < self.plan.planned_look_on else "looked at"


def analyse(settings: Settings) -> Report:
    """Work out every registered experiment and write its rows in place of those of the last run."""
    with connect(settings) as connection:
        report = work_out(connection)
        for name, rows in (
            ("experiment_results", report.results),
            ("experiment_verdicts", report.verdicts),
        ):
            columns = derived.tables()[name].columns
            derived.write(connection, name, [{c: row.get(c) for c in columns} for row in rows])
    return report


def work_out(connection: duckdb.DuckDBPyConnection) -> Report:
    """The rows of every registered experiment, from what SQL counted; nothing is written."""
    horizon = connection.execute("select as_of_on from activities.score_horizon").fetchone()
    assert horizon is not None
    balance = rows_of(connection, "from experiments.experiment_balance order by experiment, arm")
    counted = rows_of(connection, "from experiments.experiment_statistics")
    report = Report([], [])
    for plan in read_plans(connection):
        found = Found(
            plan,
            horizon[0],
            [row for row in balance if row["experiment"] == plan.experiment],
            {
                (row["metric"], row["arm"], row["scale"]): Arm(
                    row["partners"], row["mean"], row["variance"],
                    row["score_mean"], row["score_variance"], row["score_covariance"],
                )
                for row in counted
                if row["experiment"] == plan.experiment
            },
        )  # fmt: skip
        for arm in plan.treatments:
            rows = [
                row for metric in plan.metrics for row in _results(connection, found, metric, arm)
            ]
            report.results.extend(rows)
            report.verdicts.append(_verdict(found, arm, rows))
    return report


# --- estimates


def _results(
    connection: duckdb.DuckDBPyConnection, found: Found, metric: Metric, arm: str
) -> Iterator[Row]:
    analyses = [(scale, adjusted) for scale in SCALES for adjusted in (False, True)]
    if metric.analysis == "reached":
        analyses = [("reached", False)]
    for scale, adjusted in analyses:
        if adjusted and metric.covariate is None:
            continue
        control, treatment = (found.arm(metric.metric, a, scale) for a in (found.plan.control, arm))
        row: Row = {
            "experiment": found.plan.experiment,
            "metric": metric.metric,
            "arm": arm,
            "scale": scale,
            "role": metric.role,
            "state": found.state,
            "control_partners": control.partners,
            "treatment_partners": treatment.partners,
            "minimum_effect": metric.minimum_effect if scale == metric.analysis else None,
            "is_adjusted": adjusted,
            "is_planned": scale == metric.analysis
            and adjusted == (metric.covariate is not None and scale != "reached"),
        }
        if found.state == "looked at":
            row.update(_estimate(connection, found, metric, row, control, treatment))
        yield row


def _estimate(
    connection: duckdb.DuckDBPyConnection,
    found: Found,
    metric: Metric,
    row: Row,
    control: Arm,
    treatment: Arm,
) -> Row:
    """The numbers of a row; only its state where there are too few partners to tell."""
    plan = found.plan
    # A plan's one decision bears the risk of all its arms; other metrics are hints.
    alpha = plan.alpha_of_decision if metric.role == "primary" else plan.alpha
    method = "Welch"
    arms: tuple[Arm, Arm] | None = (control, treatment)
    if row["is_adjusted"]:
        arms, method = statistics.at_equal_scores(control, treatment), "Welch at equal scores"
    estimate: Estimate | None = None
    if arms and row["scale"] == "reached":
        estimate, method = statistics.compare_shares(*arms, alpha), "Agresti and Caffo"
    elif arms:
        estimate = statistics.compare_means(*arms, alpha)
    if estimate is None or arms is None:
        return {"state": "too few partners"}
    if min(control.partners, treatment.partners) < plan.permutation_below:
        values = _values(connection, found, metric, row)
        name = f"{plan.experiment} {metric.metric} {row['arm']} {row['scale']} {row['is_adjusted']}"
        chance = statistics.chance_by_permutation(*values, plan.permutations, name)
        estimate, method = replace(estimate, p_value=chance), f"{method}, chance by permutation"
    return {
        "method": method,
        "control_value": arms[0].mean,
        "treatment_value": arms[1].mean,
        "difference": estimate.difference,
        "difference_low": estimate.low,
        "difference_high": estimate.high,
        "confidence": 1 - alpha,
        "p_value": estimate.p_value,
        "detectable_effect": statistics.detectable_difference(*arms, alpha, plan.power)
        if row["is_planned"]
        else None,
    }


def _values(
    connection: duckdb.DuckDBPyConnection, found: Found, metric: Metric, row: Row
) -> tuple[list[float], list[float]]:
    """The values of control and treatment; at equal scores where the row is adjusted."""
    plan = found.plan
    column = {
        "raw": "amount",
        "winsorised": "winsorised_amount",
        "log": "log_amount",
        "reached": "is_reached::double",
    }[row["scale"]]
    rows = connection.execute(
        f"select arm, {column}, coalesce(score_before, 0) from experiments.experiment_outcomes "
        "where experiment = ? and metric = ? and arm in (?, ?) order by partner_id",
        [plan.experiment, metric.metric, plan.control, row["arm"]],
    ).fetchall()
    slope = 0.0
    if row["is_adjusted"]:
        arms = (found.arm(metric.metric, arm, row["scale"]) for arm in (plan.control, row["arm"]))
        slope = statistics.slope_on_score(*arms) or 0.0
    control = [value - slope * score for arm, value, score in rows if arm == plan.control]
    treatment = [value - slope * score for arm, value, score in rows if arm == row["arm"]]
    return control, treatment


# --- verdicts


def _verdict(found: Found, arm: str, results: list[Row]) -> Row:
    plan = found.plan
    planned = {row["metric"]: row for row in results if row["is_planned"]}
    primary = planned[plan.primary.metric]
    recommendation, reason = _recommendation(found, planned)
    contaminated = sum(row["contaminated"] for row in found.balance)
    return {
        "experiment": plan.experiment,
        "arm": arm,
        "title": plan.title,
        "hypothesis": plan.hypothesis,
        "state": found.state,
        "metric": plan.primary.metric,
        "recommendation": recommendation,
        "reason": reason,
        "owner": plan.owner,
        "partners": found.partners,
        "control_partners": primary["control_partners"],
        "treatment_partners": primary["treatment_partners"],
        "contaminated": contaminated,
        "contaminated_share": contaminated / found.partners if found.partners else None,
        "chance_of_sizes": _chance_of_sizes(found),
        **{
            name: primary.get(name)
            for name in (
                "difference", "difference_low", "difference_high", "confidence", "p_value",
                "minimum_effect", "detectable_effect",
            )
        },
        "registered_on": plan.registered_on,
        "planned_look_on": plan.planned_look_on,
        "as_of_on": found.as_of,
    }  # fmt: skip


def _chance_of_sizes(found: Found) -> float | None:
    sizes = {row["arm"]: row["partners"] for row in found.balance}
    # Arms that the plan does not know have a share of nothing.
    shares = {arm: found.plan.shares.get(arm, 0.0) for arm in sizes}
    return statistics.chance_of_sizes(list(sizes.values()), list(shares.values()))


def _recommendation(found: Found, planned: Mapping[str, Row]) -> tuple[Recommendation, str]:
    """The plan's answer, in the order in which one thing makes the next worthless."""
    plan = found.plan
    if plan.status == "stopped":
        return "inconclusive", "it was stopped before the planned look"
    if found.state == "not assigned":
        return "continue", "nobody has been assigned yet"
    first = min(row["first_assigned_at"] for row in found.balance if row["partners"]).date()
    if first < plan.registered_on:
        return "inconclusive", f"partners were assigned on {first}, before there was a plan"
    chance = _chance_of_sizes(found)
    if chance is not None and chance < plan.least_chance_of_sizes:
        return "inconclusive", "arms are not of the planned sizes: the draw was not followed"
    contaminated = sum(row["contaminated"] for row in found.balance)
    if contaminated > plan.most_contaminated_share * found.partners:
        return (
            "inconclusive",
            f"{contaminated} of {found.partners} partners got more than their arm",
        )
    if found.state == "too early":
        return "continue", f"too early: the plan looks on {plan.planned_look_on} and not before"
    for metric in plan.metrics:
        row = planned[metric.metric]
        if (
            metric.role == "guardrail"
            and row.get("difference") is not None
            and is_harmed(metric, row["difference_low"], row["difference_high"])
        ):
            return "revert", f"{metric.metric}, which must not suffer, did"
    row = planned[plan.primary.metric]
    if row.get("difference") is None:
        return "inconclusive", "too few partners to tell"
    return recommend(
        plan,
        plan.primary,
        row["difference_low"],
        row["difference_high"],
        row["difference"],
        row["p_value"],
    )
