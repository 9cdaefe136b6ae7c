"""The bounds of the release gate, each with its reason. Move one here, with the date and why.

Bounds of a delivery are not here: they stand in the landing contract of their entity.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    """A number and why it is this one."""

    value: float
    reason: str


SCORE_LEAST = Bound(0, "scores are defined on 0 to 100")
SCORE_MOST = Bound(100, "scores are defined on 0 to 100")
SHARE_LEAST = Bound(0, "coverage is a share")
SHARE_MOST = Bound(1, "coverage is a share")
SUM_TOLERANCE = Bound(
    0.001, "contributions are rounded to six decimals; some thirty of them stay far below this"
)
ROWS_KEPT = Bound(
    0.9, "partners leave by termination, which keeps their row; a tenth fewer rows is a lost join"
)
SCORED_SHARE = Bound(
    0.5, "a young programme may have many partners in their first weeks; people should look at it"
)
SCORED_SHARE_FALL = Bound(
    0.1, "scores do not disappear in a week; a tenth of the programme losing its score is a fault"
)
CHANGED_BY = Bound(0.01, "below what is shown to anybody, above what another engine rounds")
RESTATED_SHARE = Bound(
    0.05, "late records restate a few partner-weeks; one in twenty is another formula or source"
)
RESTATED_MEDIAN = Bound(
    0.5, "half of all published history moving by half a point is a change of method"
)
RESTATED_P99 = Bound(10, "two steps of the guardrail: more than a late record usually moves")
BAND_CHANGES = Bound(
    0.25, "a band holds four weeks and three points; a quarter changing at once is no behaviour"
)
