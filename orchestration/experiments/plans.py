"""What was registered: a plan as policy has it, and what its rule says of an estimate.

Only policy and arithmetic belong here. A recommendation follows from the plan and the numbers and
from nothing else, so that nobody has to be believed.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

import duckdb

from orchestration.database import rows_of

Recommendation = Literal["scale", "revert", "continue", "inconclusive"]
Row = dict[str, Any]

ARMS = """
    select experiment, arm, role, share from experiments.experiment_balance
    where share is not null order by experiment, role, arm
"""


@dataclass(frozen=True)
class Metric:
    """What an experiment is judged by: a row of `experiment_plans`."""

    metric: str
    role: str
    analysis: str
    covariate: str | None
    better: str
    minimum_effect: float

    @property
    def sign(self) -> int:
        return 1 if self.better == "higher" else -1


@dataclass(frozen=True)
class Plan:
    """What was registered of one experiment, and the rules in force for all."""

    experiment: str
    title: str
    hypothesis: str
    alpha: float
    power: float
    least_chance_of_sizes: float
    most_contaminated_share: float
    permutation_below: int
    permutations: int
    registered_on: date
    planned_look_on: date
    decision_rule: str
    status: str
    owner: str
    shares: dict[str, float]
    """Share of each arm, the control first."""
    control: str
    metrics: tuple[Metric, ...]

    @property
    def treatments(self) -> list[str]:
        return [arm for arm in self.shares if arm != self.control]

    @property
    def primary(self) -> Metric:
        return next(each for each in self.metrics if each.role == "primary")

    @property
    def alpha_of_decision(self) -> float:
        """With several treatments each gets its part of the risk (Bonferroni)."""
        return self.alpha / max(len(self.treatments), 1)


def read_plans(connection: duckdb.DuckDBPyConnection) -> list[Plan]:
    """Every registered plan, by name."""
    arms = rows_of(connection, ARMS)
    planned = rows_of(connection, "from marts.experiment_plans order by experiment, metric")
    plans = []
    for experiment, group in groupby(planned, key=lambda row: str(row["experiment"])):
        rows = list(group)
        mine = [arm for arm in arms if arm["experiment"] == experiment]
        plans.append(
            Plan(
                **{name: rows[0][name] for name in Plan.__dataclass_fields__ if name in rows[0]},
                shares={arm["arm"]: arm["share"] for arm in mine},
                control=next(arm["arm"] for arm in mine if arm["role"] == "control"),
                metrics=tuple(
                    Metric(**{name: row[name] for name in Metric.__dataclass_fields__})
                    for row in rows
                ),
            )
        )
    return plans


def recommend(
    plan: Plan, metric: Metric, low: float, high: float, difference: float, p_value: float
) -> tuple[Recommendation, str]:
    """What the plan's rule says of the primary metric, and why. `better` asks for an effect that is
    not chance and as large as the least one worth having; `worth_it` asks that the whole interval
    is as large."""
    least = metric.minimum_effect
    # Read in the direction that is good.
    worst, best = sorted((metric.sign * low, metric.sign * high))
    effect = metric.sign * difference
    if plan.decision_rule == "worth_it" and worst >= least:
        return "scale", "the whole interval is at least the least effect worth having"
    if plan.decision_rule == "better" and worst > 0 and effect >= least:
        if p_value >= plan.alpha_of_decision:
            return "inconclusive", "the interval leaves 0 out, but the permutation test does not"
        return (
            "scale",
            "the interval leaves 0 out, and the effect is worth having",
        )
    if best < 0:
        return "revert", "the treatment made it worse"
    if best < least:
        return "revert", "an effect worth having is ruled out"
    if worst > 0:
        return "inconclusive", "there is an effect, but whether it is worth having is open"
    return "inconclusive", "the interval holds both no effect and one worth having"


def is_harmed(metric: Metric, low: float, high: float) -> bool:
    """Whether a guardrail is worse for certain: its whole interval lies on the wrong side of 0."""
    return max(metric.sign * low, metric.sign * high) < 0
