"""A framework of five metrics and two segments, small enough to compute by hand, and rows."""

from dataclasses import replace

import numpy as np

from orchestration.evaluation.fitting import Sample
from orchestration.evaluation.framework import Anchors, Framework, Metric, Weighting
from orchestration.evaluation.partner_weeks import PartnerWeeks

METRICS = (
    Metric("fit", 0, False, None, True, False),
    Metric("pace", 1, False, None, True, False),
    Metric("answers", 1, False, "answers_n", True, False),
    Metric("sales", 2, True, None, True, True),
    Metric("nobody_reports", 2, False, None, False, False),
)
SEGMENTS = ("baseline", "reseller")
KNOTS = (np.array([0.0, 20.0]), np.array([[0.5, 0.4, 0.1], [0.1, 0.3, 0.6]]))


def framework(own_share: float = 1.0) -> Framework:
    table = np.ones((len(SEGMENTS), len(METRICS)))
    weights = np.array([[1.0, 2.0, 2.0, 1.0, 1.0], [1.0, 3.0, 1.0, 1.0, 1.0]])
    weighting = Weighting(weights, np.full_like(weights, np.nan), (KNOTS, KNOTS))
    return Framework(
        name="version 1",
        version=1,
        segments=SEGMENTS,
        metrics=METRICS,
        anchors=Anchors(0 * table, 10 * table, 20 * table, 10 * table, table),
        points=np.array([[80.0, 20.0], [80.0, 20.0]]),
        own_share=np.array([1.0, own_share]),
        weighting={"engagement": weighting, "revenue": weighting},
    )


def with_open(frame: Framework, *names: str) -> Framework:
    """Metrics that weigh nothing for revenue, and that revenue is open to."""
    metrics = tuple(
        replace(each, open_to=("revenue",)) if each.name in names else each
        for each in frame.metrics
    )
    weighting = frame.weighting["revenue"]
    weights = weighting.metric * [each.name not in names for each in frame.metrics]
    changed = replace(weighting, metric=weights)
    return replace(frame, metrics=metrics, weighting=frame.weighting | {"revenue": changed})


def rows(count: int, seed: int = 1) -> PartnerWeeks:
    """Rows with values all over the scale, of both segments and of tenures up to 30 weeks."""
    generator = np.random.default_rng(seed)
    zero = np.zeros(count)
    return PartnerWeeks(
        partner=np.array([f"p{number % -(-count // 4)}" for number in range(count)]),
        week=np.repeat(np.datetime64("2026-01-05"), count) + 7 * (np.arange(count) * 40 // count),
        contract=np.repeat(np.datetime64("2025-01-06"), count),
        segment=generator.integers(0, 2, count),
        tenure=generator.integers(0, 31, count),
        values=generator.uniform(0, 20, (count, len(METRICS))),
        evidence=np.where([metric.evidence for metric in METRICS], 4.0, np.inf)
        * np.ones((count, 5)),
        overlay={"engagement": zero, "revenue": zero},
        published={"engagement": zero, "revenue": zero},
    )


def sample(made: PartnerWeeks, truth: np.ndarray, frame: Framework) -> Sample:
    return Sample(made, made.scores(frame), truth)
