"""The onboarding study worked out: every model on the same partners, with paired differences."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from orchestration.evaluation import choosing, fitting, measures
from orchestration.evaluation.challenger import challengers, one_thread
from orchestration.evaluation.choosing import Proposed
from orchestration.evaluation.fitting import EXPERT, PROPOSED
from orchestration.evaluation.framework import OUTCOMES, Array
from orchestration.evaluation.measures import Estimate
from orchestration.evaluation.onboarding import DAY, Chosen, Study

Tell = Callable[[str], None]

STRICT = "proposed, strictly as of"
# Weights of the same form fitted to those who test, each day by itself: nobody could have had them.
HINDSIGHT = "best weights in hindsight"
FREE = 1e-6  # a pull that leaves weights to the outcome
NAIVE = ("revenue so far", "days idle")
LEAST_LABELLED = 300  # rows with a known outcome, of all horizons, before weights are fitted at all


@dataclass(frozen=True)
class Result:
    """A figure of a model; of a difference, `over` names the model it is compared with."""

    horizon: int
    outcome: str
    model: str
    measure: str
    estimate: Estimate
    over: str | None = None


@dataclass(frozen=True)
class Worked:
    """A study and its results."""

    study: Study
    results: list[Result]


@one_thread
def work_out(study: Study, tell: Tell = lambda _line: None) -> Worked:
    """Scores by expert and by fitted weights, challengers and naive ranks, on those who test."""
    results: list[Result] = []
    for outcome in OUTCOMES:
        tell(f"{outcome}: weights from the partners that train")
        chosen = {horizon: study.training(horizon) for horizon in study.design.horizons}
        proposed = fitted(study, outcome, chosen)
        strict = _strict(study, outcome, tell)
        for horizon in study.design.horizons:
            tell(f"{outcome}, day {horizon}: challengers")
            results += _compared(study, outcome, horizon, proposed, strict[horizon])
    return Worked(study, results)


def fitted(study: Study, outcome: str, chosen: Chosen) -> Proposed:
    """Weights from the chosen rows of all horizons; under 300 of them the experts' stay."""
    known = study.joined(outcome, chosen, study.framework)
    if len(known) < LEAST_LABELLED:
        return _experts(study, outcome, chosen)
    return choosing.propose(known, known.rows.contract, study.framework, outcome)


def _experts(study: Study, outcome: str, chosen: Chosen) -> Proposed:
    """The experts' weights, on the scale of the outcomes of the chosen rows."""
    known = study.joined(outcome, chosen, study.framework)
    return Proposed(fitting.fit(known, study.framework, outcome, np.inf), study.framework, [])


def _strict(study: Study, outcome: str, tell: Tell) -> dict[int, Array]:
    """Predictions for those who test by weights that could have been fitted at the time.

    Month by month: only outcomes that were known when the month began are fitted. A month that
    began before any was known has the experts' weights; their scale, which orders months beside
    each other, is then that of the first outcomes. NaN where there never were any.
    """
    found = {n: np.full(int(study.testing(n).sum()), np.nan) for n in study.design.horizons}
    month_of = {
        n: study.rows[n].known_on[study.testing(n)].astype("datetime64[M]")
        for n in study.design.horizons
    }
    months = np.unique(np.concatenate(list(month_of.values())))
    known_at = {month: _known_at(study, outcome, month) for month in months}
    first = next((each for each in known_at.values() if _any(each)), None)
    if first is None:
        return found
    for month, chosen in known_at.items():
        tell(f"{outcome}: as of {month}")
        proposed = (
            fitted(study, outcome, chosen) if _any(chosen) else _experts(study, outcome, first)
        )
        for n in study.design.horizons:
            places = month_of[n] == month
            test = study.sample(n, outcome).where(study.testing(n)).where(places)
            found[n][places] = proposed.predictor(test)
    return found


def _known_at(study: Study, outcome: str, month: np.datetime64) -> Chosen:
    """The rows whose outcome was known when a month began."""
    begin = month.astype("datetime64[D]")
    return {
        n: (study.rows[n].contract >= study.train_from)
        & (study.rows[n].contract + study.design.known_after(outcome, n) * DAY <= begin)
        for n in study.design.horizons
    }


def _any(chosen: Chosen) -> bool:
    return any(each.any() for each in chosen.values())


def _compared(
    study: Study, outcome: str, horizon: int, proposed: Proposed, strict: Array
) -> list[Result]:
    sample = study.sample(horizon, outcome)
    train, test = (
        sample.where(study.training(horizon)), sample.where(study.testing(horizon))
    )  # fmt: skip
    scores: dict[str, tuple[Array, Array]] = {
        EXPERT: (train.rows.published[outcome], test.rows.published[outcome]),
        PROPOSED: (proposed.totals(train), proposed.totals(test)),
    }
    predicted = {
        name: learn(train, test, study.framework) for name, learn in challengers(outcome).items()
    }
    for name in NAIVE:
        naive = study.naive[horizon, name]
        scores[name] = (naive[study.training(horizon)], naive[study.testing(horizon)])
    known = choosing.rescored(test, proposed.framework)
    hindsight = fitting.fit(known, proposed.framework, outcome, FREE)
    ranks = {name: later for name, (_, later) in scores.items()} | predicted
    ranks[HINDSIGHT] = hindsight.predictor(known, proposed.framework)
    # All of those who test or none: what is left out would not be the same partners.
    was_possible = not np.isnan(strict).any()
    if was_possible:
        ranks[STRICT] = strict
    drawn = measures.draws(test.rows.partner)
    main = measures.of(outcome)
    named = measures.name_of(outcome)
    drawing = measures.bootstrap(main, test.truth, ranks, drawn)
    results = [Result(horizon, outcome, model, named, drawing.estimate(model)) for model in ranks]
    for model in (EXPERT, PROPOSED):
        rivals = [name for name in ranks if name not in (EXPERT, PROPOSED, STRICT, HINDSIGHT)]
        for other in [*rivals, *([EXPERT] if model == PROPOSED else [])]:
            paired = drawing.difference(model, other)
            results.append(Result(horizon, outcome, model, named, paired, over=other))
    if outcome == "engagement":
        chances = {name: _chance(*pair, train.truth) for name, pair in scores.items()} | predicted
        if was_possible:
            chances[STRICT] = expit(strict)
        drawing = measures.bootstrap(measures.brier, test.truth, chances, drawn)
        results += [
            Result(horizon, outcome, model, "Brier", drawing.estimate(model)) for model in chances
        ]
    return results


def _chance(train_score: Array, test_score: Array, happened: Array) -> Array:
    """A probability from a score, by a logistic curve through those who train."""
    scale = train_score.std() or 1.0
    model = LogisticRegression(C=1e6, max_iter=1000)
    model.fit(train_score[:, None] / scale, happened)
    return np.asarray(model.predict_proba(test_score[:, None] / scale)[:, 1])
