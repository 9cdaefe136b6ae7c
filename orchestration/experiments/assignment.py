"""The draw: which partner is given which arm. A release and a plan give the same arms anywhere.

Partners are sorted into strata (segment, length of tenure, band of engagement), ordered within each
by a keyed hash of their name, and dealt to the arms in turn. No generator of random numbers has a
state here that another machine would lack. What becomes of the arms is not known here.
"""

import csv
import hashlib
import hmac
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import rows_of

HEADER = ("assignment_id", "experiment_id", "partner_id", "arm", "assigned_at")
TENURE_STRATA = (13, 52)  # weeks: the first quarter, the first year, later
COMPARED = ("engagement_score", "revenue_score", "tenure_week")
Row = dict[str, Any]

PLAN = """
    select experiment, title, status, least_tenure_week, most_tenure_week, registered_on,
        planned_start_on, planned_look_on, max(last_week) as last_week
    from marts.experiment_plans where experiment = ? group by all
"""
SHARES = """
    select arm, share from marts.experiment_arm_sizes
    where experiment = ? and share is not null order by role, arm
"""
# Who is still in another experiment when this one begins would be in two at once.
ELIGIBLE = """
    select partner_id, segment, engagement_band, engagement_score, revenue_score, tenure_week
    from marts.partner_scorecards
    where status in ('provisional', 'published')
        and engagement_score is not null
        and tenure_week between $least and $most
        and partner_id not in (
            select partner_id from marts.experiment_assignments where last_week >= $monday
        )
    order by partner_id
"""


class NotAssignable(ValueError):
    """The draw is refused; the message says why."""


@dataclass(frozen=True)
class Draw:
    """Who was given what: partner -> arm, in the order of the strata."""

    experiment: str
    on: date
    arms: Mapping[str, str]
    partners: Sequence[Row]

    def sizes(self) -> dict[str, int]:
        return dict(sorted(Counter(self.arms.values()).items()))

    def balance(self) -> Iterator[tuple[str, dict[str, float], float]]:
        """What is compared, its mean in each arm, and the largest distance of an arm's mean from
        that of all, in standard deviations of all."""
        for name in COMPARED:
            values = [float(row[name] or 0) for row in self.partners]
            spread = statistics.pstdev(values)
            middle = statistics.fmean(values)
            means = {
                arm: statistics.fmean(
                    float(row[name] or 0)
                    for row in self.partners
                    if self.arms[row["partner_id"]] == arm
                )
                for arm in self.sizes()
            }
            farthest = max(abs(mean - middle) for mean in means.values())
            yield name, means, farthest / spread if spread else 0.0


def draw(connection: duckdb.DuckDBPyConnection, experiment: str, on: date) -> Draw:
    """Deal the eligible partners of a release to the arms of its plan. Raises NotAssignable."""
    plan, shares = _plan(connection, experiment), _shares(connection, experiment)
    _refuse(connection, plan, on)
    monday = on - timedelta(days=on.weekday())
    partners = rows_of(
        connection,
        ELIGIBLE,
        {
            "least": plan["least_tenure_week"],
            "most": plan["most_tenure_week"],
            "monday": monday,
        },
    )
    if len(partners) < 2 * len(shares):
        raise NotAssignable(
            f"{len(partners)} partners are eligible: too few for {len(shares)} arms."
        )
    key = f"{experiment} {plan['registered_on']}".encode()
    return Draw(experiment, on, deal(partners, shares, key), partners)


def deal(partners: Sequence[Row], shares: Mapping[str, float], key: bytes) -> dict[str, str]:
    """Arms by partner: of a stratum, and of all, as near to the shares as whole numbers allow."""

    def place(row: Row) -> tuple[str, str]:
        digest = hmac.new(key, str(row["partner_id"]).encode(), hashlib.sha256).hexdigest()
        return stratum(row), digest

    given: dict[str, str] = {}
    sizes = dict.fromkeys(shares, 0)
    for count, row in enumerate(sorted(partners, key=place), start=1):
        # Whom the plan owes most; arms that are owed alike take turns in the plan's order.
        arm = max(shares, key=lambda name: round(shares[name] * count - sizes[name], 9))
        sizes[arm] += 1
        given[str(row["partner_id"])] = arm
    return given


def stratum(row: Row) -> str:
    """Partners that are alike before: they are spread over the arms evenly."""
    tenure = sum(int(row["tenure_week"]) > week for week in TENURE_STRATA)
    return f"{row['segment']} {tenure} {row['engagement_band']}"


def write(drawn: Draw, path: Path) -> None:
    """The file that is landed as experiments.assignments. Raises NotAssignable if it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = path.open("x", encoding="utf-8", newline="")
    except FileExistsError:
        raise NotAssignable(f"{path} is there already: nobody is assigned twice.") from None
    with file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for partner, arm in sorted(drawn.arms.items()):
            # The key names experiment and partner, so that a second row can only be a version.
            name = f"{drawn.experiment}-{partner}"
            writer.writerow([name, drawn.experiment, partner, arm, f"{drawn.on}T00:00:00Z"])


def _plan(connection: duckdb.DuckDBPyConnection, experiment: str) -> Row:
    found = rows_of(connection, PLAN, [experiment])
    if not found:
        known = connection.execute(
            "select distinct experiment from marts.experiment_plans order by 1"
        ).fetchall()
        raise NotAssignable(
            f"The served release has no plan of {experiment!r}. It has "
            f"{', '.join(name for (name,) in known) or 'none'}. Register it and run."
        )
    return found[0]


def _shares(connection: duckdb.DuckDBPyConnection, experiment: str) -> dict[str, float]:
    return dict(connection.execute(SHARES, [experiment]).fetchall())


def _refuse(connection: duckdb.DuckDBPyConnection, plan: Row, on: date) -> None:
    name = plan["experiment"]
    assigned = connection.execute(
        "select count(*), min(assigned_at) from marts.experiment_assignments where experiment = ?",
        [name],
    ).fetchone()
    if assigned and assigned[0]:
        raise NotAssignable(
            f"{assigned[0]} partners of {name} were assigned on {assigned[1]:%Y-%m-%d}: nobody is "
            "assigned twice. Register a new experiment."
        )
    if plan["status"] != "registered":
        raise NotAssignable(f"{name} is {plan['status']}.")
    if on < plan["planned_start_on"]:
        raise NotAssignable(f"{name} begins on {plan['planned_start_on']}, and not on {on}.")
    (scored,) = connection.execute(
        "select max(week_start) from marts.partner_scorecards"
    ).fetchone() or (None,)
    if scored is not None and on < scored + timedelta(weeks=1):
        raise NotAssignable(
            f"The release knows what partners did until {scored + timedelta(days=6)}, and arms are "
            f"dealt before anything comes of them: {name} cannot be assigned on {on}."
        )
    ends = on - timedelta(days=on.weekday()) + timedelta(weeks=plan["last_week"] + 1)
    if ends > plan["planned_look_on"]:
        raise NotAssignable(
            f"{name} looks on {plan['planned_look_on']}, but the {plan['last_week']} weeks of a "
            f"partner assigned on {on} are over on {ends}: it is past its plan."
        )
