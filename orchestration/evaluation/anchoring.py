"""Anchors that tell partners apart, where the present ones give most of them the same score."""

from dataclasses import dataclass

import numpy as np

from orchestration.evaluation.fitting import Sample
from orchestration.evaluation.framework import Anchors, Framework

SATURATED = 0.5  # share of observed values that score 0, or 100, from which anchors are proposed
RELIEF = (
    0.25  # by how much new anchors must lessen that share: zeros stay zeros whatever the anchor
)
LEAST_ROWS = 300
AT = {"floor": 0.10, "target": 0.75, "stretch": 0.95}  # quantiles of what was observed


@dataclass(frozen=True)
class NewAnchors:
    """Proposed anchors of a metric in a segment, in the reporting currency, and why."""

    segment: str
    metric: str
    floor: float
    target: float
    stretch: float
    saturated: float  # share of values at the end of the scale under the present anchors
    rows: int


def propose(sample: Sample, framework: Framework, outcome: str) -> list[NewAnchors]:
    """Anchors at the quantiles 10, 75 and 95% of what was observed, for saturated metrics.

    Metrics of the outcome only. Those with too few rows, or whose new anchors would tell partners
    apart no better, keep theirs.
    """
    found = []
    weighs = framework.opened(outcome).weighting[outcome].metric
    for segment, name in enumerate(framework.segments):
        members = sample.rows.segment == segment
        for at, metric in enumerate(framework.metrics):
            values = sample.rows.values[members, at]
            seen = ~np.isnan(values)
            if not metric.is_applicable or not weighs[segment, at] or seen.sum() < LEAST_ROWS:
                continue
            scores = sample.scores[members, at][seen]
            saturated = max((scores <= 0).mean(), (scores >= 100).mean())
            if saturated < SATURATED:
                continue
            rising = framework.anchors.stretch[segment, at] > framework.anchors.floor[segment, at]
            floor, target, stretch = (
                _rounded(np.quantile(values[seen], q if rising else 1 - q)) for q in AT.values()
            )
            if not ((floor < target < stretch) if rising else (floor > target > stretch)):
                continue
            sign = 1 if rising else -1
            left = max(
                (sign * values[seen] <= sign * floor).mean(),
                (sign * values[seen] >= sign * stretch).mean(),
            )
            if left <= saturated - RELIEF:
                found.append(
                    NewAnchors(
                        name, metric.name, floor, target, stretch, float(saturated), int(seen.sum())
                    )
                )
    return found


def applied(framework: Framework, proposed: list[NewAnchors]) -> Framework:
    """The framework with these anchors."""
    changed = {
        name: getattr(framework.anchors, name).copy()
        for name in ("floor", "target", "stretch", "prior", "strength")
    }
    names = [metric.name for metric in framework.metrics]
    for each in proposed:
        for name in AT:
            place = framework.segments.index(each.segment), names.index(each.metric)
            changed[name][place] = getattr(each, name)
    return framework.with_anchors(Anchors(**changed))


def _rounded(value: float) -> float:
    """Two significant digits: policy is written for people."""
    return float(f"{value:.2g}")
