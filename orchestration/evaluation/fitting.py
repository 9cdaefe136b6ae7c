"""Weights that fit what happened, shrunk towards the experts'.

A fit may make a metric count more or less than the experts said (`emphasis`, a factor per metric)
and shift a layer's share by stage of tenure (`tilt`, a factor per stage and layer). Factors keep
weights from becoming negative; the penalty on their logarithms pulls them to 1, which is the
experts' framework and a small share for each metric that the registry opens the outcome to. How
strongly it pulls is chosen on later data.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit
from scipy.stats import rankdata

from orchestration.evaluation import measures
from orchestration.evaluation.framework import LAYERS, Array, Framework, lines
from orchestration.evaluation.partner_weeks import PartnerWeeks

# The two ways to weigh metrics that are held against each other.
EXPERT, PROPOSED = "expert weights", "proposed weights"
# Strengths of the pull to the experts that are tried, the weakest first.
PULLS = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
STEP = 1e-4  # of the finite differences of shares by factors
FACTOR_LIMIT = np.log(
    20
)  # no metric counts more than 20 times, or less than a 20th, of what it did


@dataclass(frozen=True)
class Sample:
    """Rows, the scores of their metrics (rows, metrics) and what became of them.

    `truth` is 0 or 1 for the outcome engagement, and an amount of revenue for the outcome revenue.
    """

    rows: PartnerWeeks
    scores: Array
    truth: Array

    def where(self, chosen: np.ndarray) -> "Sample":
        return Sample(self.rows.where(chosen), self.scores[chosen], self.truth[chosen])

    def __len__(self) -> int:
        return len(self.truth)


@dataclass(frozen=True)
class Fit:
    """What a fit found: factors as logarithms, the way from score to outcome, and its pull."""

    outcome: str
    emphasis: Array  # (metrics)
    tilt: Array  # (stages, layers)
    level: Array  # (stages): the linear predictor at a score of 0
    slope: float  # of the linear predictor by 10 points of score
    pull: float
    stages: Array

    def weighed(self, framework: Framework) -> Framework:
        """The framework that the factors multiply: a fit that moves weights opens it first."""
        return framework.opened(self.outcome) if np.isfinite(self.pull) else framework

    def shares(self, framework: Framework) -> Array:
        return self.weighed(framework).shares(self.outcome, self.emphasis, self.tilt)

    def predictor(self, sample: Sample, framework: Framework) -> Array:
        score = sample.rows.totals(sample.scores, self.shares(framework), self.outcome)
        level = lines(sample.rows.tenure.astype(float), self.stages, self.level[:, None])[:, 0]
        return level + self.slope * score / 10

    def measured(self, sample: Sample, framework: Framework) -> float:
        """How well the score orders what happened: AUC (engagement) or Spearman (revenue)."""
        score = sample.rows.totals(sample.scores, self.shares(framework), self.outcome)
        return measures.of(self.outcome)(sample.truth, score)


def fit(
    sample: Sample, framework: Framework, outcome: str, pull: float, near: Fit | None = None
) -> Fit:
    """The weights with the least loss + pull x squared logarithms of the factors.

    With an infinite pull the experts' weights stay, and only the way from score to outcome is
    fitted. The search begins `near` another fit, which saves time and moves nothing.
    """
    if np.isfinite(pull):
        framework = framework.opened(outcome)
    stages = framework.stages
    rows, segments = sample.rows, len(framework.segments)
    week = np.minimum(rows.tenure, framework.last_week)
    hats = lines(rows.tenure.astype(float), stages, np.eye(len(stages)))  # (rows, stages)
    free = np.flatnonzero(framework.weighting[outcome].metric.max(axis=0) * _applicable(framework))
    bend = _free_layers(framework, outcome) if np.isfinite(pull) else np.array([], dtype=int)
    free = free if np.isfinite(pull) else free[:0]
    sizes = [len(free), len(stages) * len(bend), len(stages), 1]
    places = np.cumsum([0, *sizes])
    cell = rows.segment * (framework.last_week + 1) + week
    cells = segments * (framework.last_week + 1)
    rows_of_cell = csr_array((np.ones(len(rows)), (cell, np.arange(len(rows)))), (cells, len(rows)))
    tall = sample.truth if outcome == "engagement" else _relative_rank(sample.truth)

    def unpack(x: Array) -> tuple[Array, Array, Array, float]:
        emphasis = np.zeros(len(framework.metrics))
        emphasis[free] = x[places[0] : places[1]]
        tilt = np.zeros((len(stages), len(LAYERS)))
        tilt[:, bend] = x[places[1] : places[2]].reshape(len(stages), len(bend))
        return emphasis, tilt, x[places[2] : places[3]], float(x[-1])

    def objective(x: Array) -> tuple[float, Array]:
        emphasis, tilt, level, slope = unpack(x)
        within, layers = framework.within(outcome, emphasis), framework.layers(outcome, tilt)
        shares = framework.combined(outcome, within, layers).reshape(cells, -1)
        score = (sample.scores * shares[cell]).sum(axis=1) + rows.overlay[outcome]
        loss, by_predictor = _loss(outcome, tall, hats @ level + slope * score / 10)
        factors = x[: places[2]]
        gradient = np.empty_like(x)
        gradient[places[2] : places[3]] = hats.T @ by_predictor
        gradient[-1] = by_predictor @ score / 10
        # How the loss moves with each share, summed over the rows that have it in common.
        by_share = rows_of_cell @ ((slope / 10 * by_predictor)[:, None] * sample.scores)
        for at in range(places[2]):
            moved = x.copy()
            moved[at] += STEP
            emphasis, tilt, *_ = unpack(moved)
            moved_shares = (
                framework.combined(outcome, framework.within(outcome, emphasis), layers)
                if at < places[1]
                else framework.combined(outcome, within, framework.layers(outcome, tilt))
            ).reshape(cells, -1)
            gradient[at] = (by_share * (moved_shares - shares)).sum() / STEP
        gradient[: places[2]] += 2 * pull * factors if len(factors) else 0
        return loss + (pull * float(factors @ factors) if len(factors) else 0.0), gradient

    start = np.zeros(places[-1])
    start[-1] = 0.1
    if near is not None:
        found = (near.emphasis[free], near.tilt[:, bend].ravel(), near.level, [near.slope])
        start = np.concatenate(found)
    limits = [(-FACTOR_LIMIT, FACTOR_LIMIT)] * places[2] + [(None, None)] * len(stages)
    solution = minimize(
        objective,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[*limits, (0.0, None)],
        options={"maxiter": 200, "ftol": 1e-7},
    )
    emphasis, tilt, level, slope = unpack(solution.x)
    return Fit(outcome, emphasis, tilt, level, slope, pull, stages)


def choose_pull(
    splits: Iterable[tuple[Sample, Sample]], framework: Framework, outcome: str
) -> tuple[float, dict[float, float]]:
    """The pull with which fits on earlier rows order later ones best, and how well each did.

    Judged is the score as it is, by the measure that proposals are judged by: a loss would forgive
    scores that say different things at different tenures. An infinite pull, the experts' weights
    as they are, is among them.
    """
    held: dict[float, list[float]] = {pull: [] for pull in (np.inf, *reversed(PULLS))}
    rows = []
    for earlier, later in splits:
        found = None
        for pull, values in held.items():
            found = fit(earlier, framework, outcome, pull, near=found)
            values.append(found.measured(later, framework))
        rows.append(len(later))
    means = {pull: float(np.average(values, weights=rows)) for pull, values in held.items()}
    return max(means, key=lambda pull: means[pull]), means


def _relative_rank(amount: Array) -> Array:
    return rankdata(amount) / len(amount)


def _loss(outcome: str, truth: Array, predictor: Array) -> tuple[float, Array]:
    """The mean loss and its derivative by each row's linear predictor.

    Log loss of yes or no (engagement); of relative ranks (revenue) half the unexplained share.
    """
    if outcome == "engagement":
        probability = expit(predictor)
        # log(1 + e^x) - y x, without overflow.
        loss = np.logaddexp(0, predictor) - truth * predictor
        return float(loss.mean()), (probability - truth) / len(truth)
    off = predictor - truth
    # A share of what varies, so that a pull means about the same as beside a log loss.
    whole = 2 * truth.var() or 1.0
    return float((off**2).mean()) / whole, 2 * off / len(truth) / whole


def _applicable(framework: Framework) -> Array:
    return np.array([metric.is_applicable for metric in framework.metrics], dtype=float)


def _free_layers(framework: Framework, outcome: str) -> np.ndarray:
    """Layers whose share may shift: all that have a metric, but one, because shares add up to 1."""
    used = framework.weighting[outcome].metric.max(axis=0) * _applicable(framework)
    present = [
        layer for layer in range(len(LAYERS)) if (used[framework.layer_of == layer] > 0).any()
    ]
    return np.array(present[:-1], dtype=int)
