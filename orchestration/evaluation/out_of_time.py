"""Scores beside what came later: weights fitted on earlier weeks, judged on later ones.

One row per partner and every fourth week whose outcome is known. A row trains if its outcome was
known before the first week that tests begins: nothing of the test reaches into the training.
"""

from dataclasses import dataclass, replace

import duckdb
import numpy as np

from orchestration.evaluation import anchoring, choosing, measures, partner_weeks
from orchestration.evaluation.anchoring import NewAnchors
from orchestration.evaluation.challenger import challengers, one_thread
from orchestration.evaluation.fitting import EXPERT, PROPOSED, Fit, Sample
from orchestration.evaluation.framework import Framework
from orchestration.evaluation.measures import Estimate
from orchestration.evaluation.partner_weeks import Days, TooLittle

EVERY = 4  # weeks: neighbouring weeks of a partner say nearly the same
TESTED = 0.3  # share of the known weeks, the latest ones, that tests
LEAST_PARTNERS = 300
# What each score foretells, as policy defines it.
FORETOLD = {"engagement": "engaged", "revenue": "revenue"}


@dataclass(frozen=True)
class Known:
    """Rows of an outcome whose truth is known, in the order of weeks, and when it became known."""

    sample: Sample
    known_week: Days

    @property
    def partners(self) -> int:
        return len(np.unique(self.sample.rows.partner))


@dataclass(frozen=True)
class Gain:
    """Expert and proposed weights, and what machine learning adds, on the later weeks."""

    outcome: str
    fit: Fit  # on all that is known
    framework: Framework  # with proposed anchors
    anchors: list[NewAnchors]
    measure: str
    estimates: dict[str, Estimate]
    gain: Estimate  # proposed over expert weights
    price: dict[str, Estimate]  # the best challenger over expert, and over proposed weights
    first_test_week: np.datetime64
    partners: int
    tested: int  # partners
    lift: dict[str, list[float]]  # share of the outcome that the best tenths hold, cumulated

    @property
    def is_proven(self) -> bool:
        return self.gain.low > 0

    def beside(self, known: Known, framework: Framework, anchors: list[NewAnchors]) -> "Gain":
        """The same proposal with the anchors of a whole draft: its weights are fitted to those."""
        found = choosing.refitted(known.sample, framework, self.outcome, self.fit.pull, anchors)
        return replace(self, fit=found.fit, framework=found.framework)


def read(connection: duckdb.DuckDBPyConnection, framework: Framework, outcome: str) -> Known:
    """The rows of an outcome that are known, from the working database."""
    as_of = "(select as_of_week from activities.score_horizon)"
    weeks = f"datediff('week', week_start, {as_of}) % {EVERY} = 0"
    labels = connection.execute(
        "select partner_id, week_start, known_week, "
        + ("is_reached::double" if outcome == "engagement" else "coalesce(amount, 0)")
        + " as truth from predictions.outcome_labels where outcome = ? and " + weeks,
        [FORETOLD[outcome]],
    ).fetchnumpy()  # fmt: skip
    rows = partner_weeks.read(connection, framework, weeks)
    truths = dict(
        zip(
            zip(
                labels["partner_id"].astype(str),
                labels["week_start"].astype("datetime64[D]"),
                strict=True,
            ),
            zip(labels["truth"], labels["known_week"].astype("datetime64[D]"), strict=True),
            strict=True,
        )
    )
    found = [truths.get(key) for key in zip(rows.partner, rows.week, strict=True)]
    chosen = np.array([each is not None for each in found], dtype=bool)
    if not chosen.any():
        raise TooLittle(f"no partner's outcome {FORETOLD[outcome]} is known yet")
    truth = np.array([each[0] for each in found if each is not None], dtype=float)
    known = np.array([each[1] for each in found if each is not None])
    rows = rows.where(chosen)
    return Known(Sample(rows, rows.scores(framework), truth), known)


@one_thread
def judge(known: Known, framework: Framework, outcome: str) -> Gain:
    """Fit on what was known before the later weeks, judge on those.

    Raises `TooLittle` under 300 partners with a known outcome, or where the history is too short to
    be split.
    """
    if known.partners < LEAST_PARTNERS:
        raise TooLittle(
            f"{known.partners} partners with a known outcome {FORETOLD[outcome]}, "
            f"{LEAST_PARTNERS} are needed: below that, weights follow chance"
        )
    rows = known.sample.rows
    weeks = np.unique(rows.week)
    first_test = weeks[int(len(weeks) * (1 - TESTED))]
    trains, tests = known.known_week < first_test, rows.week >= first_test
    if len(np.unique(rows.week[trains])) < 3 or not _varies(known.sample.where(tests)):
        raise TooLittle(
            f"the outcome {FORETOLD[outcome]} is known of {len(weeks)} months; of the weeks "
            f"before {first_test} it was known in time of {len(np.unique(rows.week[trains]))} "
            "(3 are needed)"
        )
    train, test = known.sample.where(trains), known.sample.where(tests)
    proposed = choosing.propose(train, train.rows.week, framework, outcome)
    ranks = {
        EXPERT: test.rows.totals(test.scores, framework.shares(outcome), outcome),
        PROPOSED: proposed.totals(test),
    }
    for name, learn in challengers(outcome).items():
        ranks[name] = learn(train, test, framework)
    measure = measures.of(outcome)
    drawn = measures.bootstrap(
        measure, test.truth, ranks, measures.draws(test.rows.partner, times=500)
    )
    best = max(
        (name for name in ranks if name not in (EXPERT, PROPOSED)), key=drawn.value.__getitem__
    )
    anchors = anchoring.propose(known.sample, framework, outcome) if proposed.anchors else []
    final = choosing.refitted(known.sample, framework, outcome, proposed.fit.pull, anchors)
    return Gain(
        outcome=outcome,
        fit=final.fit,
        framework=final.framework,
        anchors=final.anchors,
        measure=measures.name_of(outcome),
        estimates={name: drawn.estimate(name) for name in ranks},
        gain=drawn.difference(PROPOSED, EXPERT),
        price={each: drawn.difference(best, each) for each in (EXPERT, PROPOSED)},
        first_test_week=first_test,
        partners=known.partners,
        tested=len(np.unique(test.rows.partner)),
        lift={name: measures.lift(test.truth, score) for name, score in ranks.items()},
    )


def _varies(sample: Sample) -> bool:
    return len(sample) > 0 and bool(np.ptp(sample.truth) > 0)
