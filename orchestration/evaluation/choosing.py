"""Which fit to propose: how strong the pull to the experts is, and whether anchors are to change.

Fits on earlier rows are judged on the rows that followed, more than once: what one stretch of time
prefers is chance as often as not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from orchestration.evaluation import anchoring, fitting
from orchestration.evaluation.anchoring import NewAnchors
from orchestration.evaluation.fitting import Fit, Sample
from orchestration.evaluation.framework import Framework

# Where, as shares of the moments of the rows, later rows begin and end.
CUTS = (0.4, 0.55, 0.7, 0.85, 1.0)


@dataclass(frozen=True)
class Proposed:
    """A fit, the anchors it goes with and the framework that has them."""

    fit: Fit
    framework: Framework
    anchors: list[NewAnchors]

    def predictor(self, sample: Sample) -> NDArray[np.float64]:
        return self.fit.predictor(rescored(sample, self.framework), self.framework)

    def totals(self, sample: Sample) -> NDArray[np.float64]:
        """The score of the outcome under the proposed framework."""
        shares = self.fit.shares(self.framework)
        return sample.rows.totals(sample.rows.scores(self.framework), shares, self.fit.outcome)


def propose(
    sample: Sample, moments: NDArray[np.datetime64], framework: Framework, outcome: str
) -> Proposed:
    """The fit to the sample that its own later rows ask for; `moments` order the rows in time."""
    choices: list[list[NewAnchors]] = [[]]
    if anchors := anchoring.propose(sample, framework, outcome):
        choices.append(anchors)
    best, chosen = -np.inf, (np.inf, choices[0])
    for choice in choices:
        changed = anchoring.applied(framework, choice)
        scored = rescored(sample, changed)
        splits = [(scored.where(early), scored.where(late)) for early, late in split(moments)]
        pull, measured = fitting.choose_pull(splits, changed, outcome)
        if measured[pull] > best:
            best, chosen = measured[pull], (pull, choice)
    return refitted(sample, framework, outcome, *chosen)


def refitted(
    sample: Sample, framework: Framework, outcome: str, pull: float, anchors: list[NewAnchors]
) -> Proposed:
    """The fit with this pull and these anchors."""
    changed = anchoring.applied(framework, anchors)
    fit = fitting.fit(rescored(sample, changed), changed, outcome, pull)
    return Proposed(fit, changed, anchors)


def split(
    moments: NDArray[np.datetime64],
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Earlier rows and those that followed, once for each pair of neighbouring cuts."""
    days = moments.astype("datetime64[D]").astype(int)
    ends = np.quantile(days, CUTS, method="lower")
    for begin, end in pairwise(ends):
        later = (days > begin) & (days <= end)
        if later.any():
            yield days <= begin, later


def rescored(sample: Sample, framework: Framework) -> Sample:
    return Sample(sample.rows, sample.rows.scores(framework), sample.truth)
