"""A draft version of the framework with weights that fit what happened: rows for people to review.

Nothing here changes policy. The draft is a folder with rows in the shape of the policy tables and
the evidence for them; whoever agrees appends the rows to `seeds/policy/` in a pull request.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from orchestration.database import connect, rows_of
from orchestration.evaluation import framework as frameworks
from orchestration.evaluation import out_of_time
from orchestration.evaluation.anchoring import NewAnchors
from orchestration.evaluation.fitting import PROPOSED
from orchestration.evaluation.framework import LAYERS, OUTCOMES, Framework
from orchestration.evaluation.out_of_time import Gain, Known
from orchestration.settings import PROJECT_DIR, Settings

POLICY = PROJECT_DIR / "seeds" / "policy"
NOTABLE = 0.01  # a weight that would change by less than one percent stays as it is
BLEND_WEEKS = 8
EFFECTIVE_AFTER_WEEKS = 8
REVIEW_AFTER_DAYS = 90

Row = dict[str, object]


class Refused(LookupError):
    """The evidence does not carry a proposal; says for each outcome why."""


@dataclass(frozen=True)
class Draft:
    """A proposed version: its number, the rows by policy table, the evidence by outcome."""

    version: int
    based_on: int
    rows: dict[str, list[Row]]
    gains: dict[str, Gain]
    refused: dict[str, str] = field(default_factory=dict)


def propose(settings: Settings, tell: Callable[[str], None] = lambda _line: None) -> Draft:
    """Fit weights to the programme's own history; raises `Refused` where that proves nothing.

    An outcome is refused under 300 partners with a known outcome, where history is too short to be
    split in time, and where the 95% interval of the gain on later weeks includes 0.
    """
    gains: dict[str, Gain] = {}
    known: dict[str, Known] = {}
    refused = {}
    with connect(settings, read_only=True) as connection:
        framework = frameworks.in_force(connection)
        for outcome in OUTCOMES:
            tell(f"{outcome}: fitting on earlier weeks, judging on later ones")
            try:
                known[outcome] = out_of_time.read(connection, framework, outcome)
                gain = out_of_time.judge(known[outcome], framework, outcome)
            except out_of_time.TooLittle as error:
                refused[outcome] = str(error)
                continue
            if gain.is_proven:
                gains[outcome] = gain
            else:
                refused[outcome] = (
                    f"the gain on {gain.tested} partners from {gain.first_test_week} on is "
                    f"{gain.gain} of {gain.measure}, which does not prove any"
                )
        if not gains:
            raise Refused(
                "No proposal. " + "; ".join(f"{name}: {why}" for name, why in refused.items())
            )
        # A metric has one set of anchors, whatever it is weighed for: weights go with those of all.
        if anchors := _agreed(gains.values()):
            gains = {
                outcome: gain.beside(known[outcome], framework, anchors)
                for outcome, gain in gains.items()
            }
        return _draft(connection, framework, gains, refused)


def _agreed(gains: Iterable[Gain]) -> list[NewAnchors]:
    """The anchors of all gains; where two propose some for a metric, those of the first."""
    found: dict[tuple[str, str], NewAnchors] = {}
    for gain in gains:
        for each in gain.anchors:
            found.setdefault((each.segment, each.metric), each)
    return list(found.values())


def _draft(
    connection: duckdb.DuckDBPyConnection,
    framework: Framework,
    gains: dict[str, Gain],
    refused: dict[str, str],
) -> Draft:
    version = 1 + _one(connection, "select max(framework_version) from policy.framework_versions")
    as_of = np.datetime64(_one(connection, "select as_of_week from activities.score_horizon"), "D")
    rows: dict[str, list[Row]] = {
        "framework_versions": [
            {
                "framework_version": version,
                "status": "proposed",
                "based_on": framework.version,
                "method": _one(
                    connection,
                    "select method from frameworks.frameworks where framework = ?",
                    framework.name,
                ),
                "effective_from": as_of + np.timedelta64(7 * EFFECTIVE_AFTER_WEEKS, "D"),
                "blend_weeks": BLEND_WEEKS,
                "review_due": as_of + np.timedelta64(REVIEW_AFTER_DAYS, "D"),
                "owner": "partner-operations",
                "reason": "Proposal: " + "; ".join(
                    f"{gain.measure} of {outcome} {gain.gain} higher on later weeks"
                    for outcome, gain in gains.items()
                ),
            }
        ],
        "metric_weights": [],
        "layer_weights": [],
        "metric_anchors": [],
    }  # fmt: skip
    for gain in gains.values():
        rows["metric_weights"] += _weights(connection, framework, gain)
        rows["layer_weights"] += _layers(connection, framework, gain)
    rows["metric_anchors"] = _anchors(connection, framework, _agreed(gains.values()))
    for table in ("metric_weights", "layer_weights", "metric_anchors"):
        rows[table] = [{**row, "framework_version": version} for row in rows[table]]
    return Draft(version, framework.version, rows, gains, refused)


# The rows of a policy table that a version states itself or takes from those it is based on.
STATED = """
    select rows.*
    from policy.{table} as rows
    inner join frameworks.framework_ancestors as ancestors
        on rows.framework_version = ancestors.ancestor and ancestors.framework_version = ?
    where {where}
    qualify rank() over (partition by {keys} order by ancestors.distance) = 1
    order by all
"""


def _weights(connection: duckdb.DuckDBPyConnection, framework: Framework, gain: Gain) -> list[Row]:
    """Metric weights of every segment times what the fit found; one factor for all segments.

    A metric that the outcome was opened to gets its first weight, the same in all segments.
    """
    metrics = [metric.name for metric in framework.metrics]
    factor = dict(zip(metrics, np.exp(gain.fit.emphasis), strict=True))
    entered = _entered(framework, gain)
    sql = STATED.format(
        table="metric_weights", where="outcome = ?", keys="segment, outcome, metric"
    )
    found = []
    for row in rows_of(connection, sql, [framework.version, gain.outcome]):
        times = float(factor[row["metric"]])
        if abs(np.log(times)) < NOTABLE or row["metric"] in entered:
            continue
        row["weight"] = round(float(row["weight"]) * times, 4)
        row["reason"] = (
            f"Fitted: counts {times:.2f} times as much as in version {framework.version}"
        )
        found.append(row)
    owners = dict(
        connection.execute("select metric, owner from metrics.metric_definitions").fetchall()
    )
    found += [
        {
            "segment": "baseline",
            "outcome": gain.outcome,
            "metric": metric,
            "weight": weight,
            "owner": owners[metric],
            "reason": f"Fitted: weighed for {gain.outcome} for the first time",
        }
        for metric, weight in entered.items()
    ]
    return found


def _entered(framework: Framework, gain: Gain) -> dict[str, float]:
    """The weights of the metrics that the outcome was opened to."""
    before = framework.weighting[gain.outcome].metric
    opened = gain.fit.weighed(framework).weighting[gain.outcome].metric
    baseline = framework.segments.index("baseline")
    fitted = opened[baseline] * np.exp(gain.fit.emphasis)
    return {
        metric.name: round(float(fitted[at]), 4)
        for at, metric in enumerate(framework.metrics)
        if fitted[at] > 0 and not before[:, at].any()
    }


def _layers(connection: duckdb.DuckDBPyConnection, framework: Framework, gain: Gain) -> list[Row]:
    """Layer weights of every segment at its own knots, tilted by stage of tenure."""
    opened = gain.fit.weighed(framework)
    sql = STATED.format(table="layer_weights", where="outcome = ?", keys="segment, outcome")
    found, moved = [], 0.0
    for row in rows_of(connection, sql, [framework.version, gain.outcome]):
        segment = framework.segments.index(str(row["segment"]))
        weeks, shares = opened.tilted(gain.outcome, segment, gain.fit.tilt)
        knot = shares[np.flatnonzero(weeks == float(row["tenure_week"]))[0]].round(4)
        # What rounding took or gave goes to the largest: shares of a knot add up to 1.
        knot[knot.argmax()] += 1 - knot.sum()
        before = np.array([float(row[layer]) for layer in LAYERS])
        moved = max(moved, float(np.abs(knot - before).max()))
        row.update(zip(LAYERS, (round(float(share), 4) for share in knot), strict=True))
        row["reason"] = (
            f"Fitted: shares of version {framework.version} shifted to what foretold more"
        )
        found.append(row)
    # Knots are stated together or not at all.
    return found if moved >= NOTABLE / 10 else []


def _anchors(
    connection: duckdb.DuckDBPyConnection, framework: Framework, anchors: list[NewAnchors]
) -> list[Row]:
    """Proposed anchors in euros, as policy states money."""
    rate = float(
        _one(
            connection,
            "select max_by(rate, rate_year) from policy.reporting_rates where currency = 'EUR'",
        )
    )
    money = {metric.name for metric in framework.metrics if metric.is_money}
    baseline = framework.segments.index("baseline")
    names = [metric.name for metric in framework.metrics]
    found: list[Row] = []
    for each in anchors:
        segment, metric = framework.segments.index(each.segment), names.index(each.metric)
        share, unit = framework.own_share[segment], rate if each.metric in money else 1.0
        row: Row = {"segment": each.segment, "metric": each.metric, "owner": "partner-operations"}
        for name in ("floor", "target", "stretch"):
            # The engine mixes a segment's own anchors with the baseline's; this undoes it.
            mixed = getattr(each, name)
            other = getattr(framework.anchors, name)[baseline, metric]
            own = mixed if share in (0, 1) else (mixed - (1 - share) * other) / share
            row[f"{name}_value"] = float(f"{own / unit:.6g}")
        row["reason"] = (
            f"Quantiles 10, 75 and 95% of {each.rows} observed weeks; {each.saturated:.0%} of them "
            "lay at an end of the scale"
        )
        found.append(row)
    return found


def write(draft: Draft, folder: Path) -> Path:
    """The folder `version-<n>`: a CSV file per policy table, and README.md with the evidence."""
    target = folder / f"version-{draft.version}"
    target.mkdir(parents=True, exist_ok=True)
    for table, rows in draft.rows.items():
        if not rows:
            continue
        with (POLICY / f"{table}.csv").open(newline="", encoding="utf-8") as file:
            header = next(csv.reader(file))
        with (target / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, header, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(
                {key: "" if value is None else value for key, value in row.items()} for row in rows
            )
    (target / "README.md").write_text(evidence(draft), encoding="utf-8")
    return target


def evidence(draft: Draft) -> str:
    """What speaks for the draft, and how to adopt it, in Markdown."""
    lines = [
        f"# Proposed version {draft.version} of the framework, based on version {draft.based_on}",
        "",
        "Weights fitted to what happened, pulled towards the experts' as strongly as later weeks",
        "asked for.",
        "Nothing in the project has changed.",
        "",
    ]
    for outcome, gain in draft.gains.items():
        lines += [
            f"## {outcome}",
            "",
            f"{gain.partners} partners with a known outcome. Fitted on outcomes known before "
            f"{gain.first_test_week}, judged on {gain.tested} partners from then on.",
            "",
            f"| model | {gain.measure} with 95% interval |",
            "|---|---|",
            *(f"| {name} | {estimate} |" for name, estimate in gain.estimates.items()),
            "",
            f"Gain of the proposed over the expert weights: **{gain.gain}**. What transparency "
            f"still costs beside the best challenger: {gain.price[PROPOSED]}.",
            "",
        ]
    for outcome, why in draft.refused.items():
        lines += [f"## {outcome}: not proposed", "", why + ".", ""]
        if anchored := sorted({str(row["metric"]) for row in draft.rows["metric_anchors"]}):
            lines += [
                f"Its weights stay; new anchors ({', '.join(anchored)}) count for it where it "
                "weighs these metrics.",
                "",
            ]
    lines += [
        "## To adopt it",
        "",
        "Review every row. Append the rows of each file, without its header, to the file of the",
        "same name in `seeds/policy/` and open a pull request. As long as its status is `proposed`",
        "the next run scores the last week under it beside the official version",
        "(`marts.framework_alternatives`) and changes no official score. Approval is `status`",
        "approved, with `approved_by` and `approved_on`, and a row in `decision_log.csv`.",
        "",
    ]
    return "\n".join(lines)


def _one(connection: duckdb.DuckDBPyConnection, sql: str, *given: object) -> Any:
    return connection.execute(sql, list(given)).fetchall()[0][0]
