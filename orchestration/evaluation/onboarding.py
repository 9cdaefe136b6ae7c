"""How early a score tells: what it says N days into a contract beside what became of the partner.

One row per partner and horizon N: the last week that was over within N days of the contract. What
is foretold comes later by the day: whether the partner was active in a window (say days 91 to 180
of the contract) and its sourced bookings in the days that follow day N. Partners are split by
contract date.
"""

from dataclasses import dataclass, field, replace
from datetime import date

import duckdb
import numpy as np
from numpy.typing import NDArray

from orchestration.evaluation import partner_weeks
from orchestration.evaluation.fitting import Sample
from orchestration.evaluation.framework import Array, Framework
from orchestration.evaluation.partner_weeks import Days, PartnerWeeks, TooLittle

DAY = np.timedelta64(1, "D")
LONG_AGO = np.datetime64("1900-01-01")
Chosen = dict[int, NDArray[np.bool_]]  # rows of each horizon
TRAINING_SHARE = 0.65  # of the partners whose outcome is known, the earlier ones


@dataclass(frozen=True)
class Design:
    """What the study asks. Days are counted from the day of the contract, which is day 0."""

    horizons: tuple[int, ...] = (30, 60, 90)
    active_days: tuple[int, int] = (91, 180)
    revenue_days: int = 180
    # Activities that make a partner active; none named: all that policy counts as active.
    active_by: tuple[str, ...] = ()
    train_from: date | None = None
    train_until: date | None = None
    test_until: date | None = None

    @property
    def longest(self) -> int:
        """Days from the contract until everything about a partner is known."""
        return max(self.active_days[1], max(self.horizons) + self.revenue_days) + 1

    def known_after(self, outcome: str, horizon: int) -> int:
        """Days from the contract until the outcome is known."""
        last = self.active_days[1] if outcome == "engagement" else horizon + self.revenue_days
        return last + 1


@dataclass(frozen=True)
class Study:
    """The rows of every horizon and the truth about each, in the order of contracts."""

    design: Design
    framework: Framework
    rows: dict[int, PartnerWeeks]
    truth: dict[tuple[int, str], Array]
    naive: dict[tuple[int, str], Array] = field(default_factory=dict)
    train_from: np.datetime64 = LONG_AGO
    train_until: np.datetime64 = LONG_AGO
    test_until: np.datetime64 = LONG_AGO

    def sample(self, horizon: int, outcome: str, framework: Framework | None = None) -> Sample:
        rows = self.rows[horizon]
        return Sample(rows, rows.scores(framework or self.framework), self.truth[horizon, outcome])

    def training(self, horizon: int) -> NDArray[np.bool_]:
        contract = self.rows[horizon].contract
        return (contract >= self.train_from) & (contract <= self.train_until)

    def testing(self, horizon: int) -> NDArray[np.bool_]:
        contract = self.rows[horizon].contract
        return (contract > self.train_until) & (contract <= self.test_until)

    def joined(self, outcome: str, chosen: Chosen, framework: Framework) -> Sample:
        """The chosen rows of all horizons in one sample."""
        parts = [self.sample(n, outcome, framework).where(chosen[n]) for n in self.design.horizons]
        return Sample(
            partner_weeks.stacked([part.rows for part in parts]),
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.truth for part in parts]),
        )


LEAST_PARTNERS = 50  # of each of the two groups


def read(connection: duckdb.DuckDBPyConnection, framework: Framework, design: Design) -> Study:
    """The study's rows and truth from the working database."""
    weeks = max(design.horizons) // 7 + 1
    rows = partner_weeks.read(connection, framework, f"tenure_week <= {weeks}")
    as_of = np.datetime64(
        connection.execute("select as_of_on from activities.score_horizon").fetchall()[0][0], "D"
    )
    bookings = _activities(connection, "activity_type = 'booking' and quantity = 1")
    types = ", ".join(f"'{each}'" for each in design.active_by) or (
        "select activity_type from policy.activity_types where counts_as_active"
    )
    active = _activities(connection, f"activity_type in ({types})")
    if not len(active[0]):
        raise TooLittle(f"no activity of the types {', '.join(design.active_by) or 'that count'}")
    study = Study(design, framework, {}, {})
    for horizon in design.horizons:
        found = partner_weeks.last_of_each(rows, rows.contract + horizon * DAY)
        found = found.where(found.contract + design.longest * DAY <= as_of + DAY)
        found = found.where(np.lexsort((found.partner, found.contract)))
        study.rows[horizon] = found
        first, last = design.active_days
        happened = _summed(found, active, first, last, counted=True) > 0
        study.truth[horizon, "engagement"] = happened.astype(float)
        end = horizon + design.revenue_days
        study.truth[horizon, "revenue"] = _summed(found, bookings, horizon + 1, end)
        age = (found.known_on - found.contract).astype(int) - 1
        study.naive[horizon, "revenue so far"] = _summed(found, bookings, 0, age)
        study.naive[horizon, "days idle"] = -_idle(found, active, age)
    return _split(study, as_of)


def _split(study: Study, as_of: np.datetime64) -> Study:
    """The contracts that train and those that test, as asked or by time."""
    design = study.design
    contracts = np.sort(study.rows[max(design.horizons)].contract)
    if not len(contracts):
        raise TooLittle(_missing(design, 0, as_of))
    given = (design.train_from, design.train_until, design.test_until)
    begin, middle, end = (None if each is None else np.datetime64(each, "D") for each in given)
    begin = contracts[0] if begin is None else begin
    end = contracts[-1] if end is None else end
    between = contracts[(contracts >= begin) & (contracts <= end)]
    if not len(between):
        raise TooLittle(_missing(design, 0, as_of))
    if middle is None:
        middle = between[min(int(len(between) * TRAINING_SHARE), len(between) - 1)]
    study = replace(study, train_from=begin, train_until=middle, test_until=end)
    for horizon in design.horizons:
        sizes = int(study.training(horizon).sum()), int(study.testing(horizon).sum())
        if min(sizes) < LEAST_PARTNERS:
            raise TooLittle(_missing(design, min(sizes), as_of))
    return study


def _missing(design: Design, partners: int, as_of: np.datetime64) -> str:
    return (
        f"{partners} partners with a known outcome in one of the two groups, {LEAST_PARTNERS} are "
        f"needed in each; the outcome of a partner is known {design.longest} days after its "
        f"contract, so by {as_of} for contracts until {as_of - design.longest * DAY}"
    )


Activities = tuple[NDArray[np.str_], Days, Array]


def _activities(connection: duckdb.DuckDBPyConnection, where: str) -> Activities:
    found = connection.execute(
        "select partner_id, counted_on, coalesce(amount, 0)::double as amount "
        f"from activities.activities where {where}"
    ).fetchnumpy()
    amounts = np.ma.filled(found["amount"], 0).astype(float)
    return (
        np.asarray(found["partner_id"]).astype(str),
        np.asarray(found["counted_on"]).astype("datetime64[D]"),
        amounts,
    )


def _placed(rows: PartnerWeeks, activities: Activities) -> tuple[NDArray[np.int64], Array, Array]:
    """For each activity of a partner of the rows: its row, the day of the contract, the amount."""
    partner, day, amount = activities
    order = np.argsort(rows.partner)
    at = np.searchsorted(rows.partner[order], partner)
    at = np.minimum(at, len(order) - 1)
    known = rows.partner[order][at] == partner
    row = order[at[known]]
    return row, (day[known] - rows.contract[row]).astype(int), amount[known]


def _summed(
    rows: PartnerWeeks,
    activities: Activities,
    first: int,
    last: int | Array,
    *,
    counted: bool = False,
) -> Array:
    """Amounts, or how many, from day `first` to day `last` of each row's contract."""
    row, day, amount = _placed(rows, activities)
    until = last if isinstance(last, int) else last[row]
    inside = (day >= first) & (day <= until)
    weights = None if counted else amount[inside]
    return np.bincount(row[inside], weights=weights, minlength=len(rows)).astype(float)


def _idle(rows: PartnerWeeks, activities: Activities, age: Array) -> Array:
    """Days since the last activity at the end of the week; since the contract if there was none."""
    row, day, _ = _placed(rows, activities)
    inside = (day >= 0) & (day <= age[row])
    last = np.zeros(len(rows))
    np.maximum.at(last, row[inside], day[inside])
    return age - last
