"""The score once more, in plain Python: from metrics to scores, bands and status.

Written from the catalogue and the descriptions of policy, to be compared with what SQL built. It
reads no table of scores and calls no SQL of the project.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.python.reference.figures import Partner, Series, metrics_of
from tests.python.reference.policy import BANDS, LAYERS, OUTCOMES, Anchors, Metric, Policy


@dataclass
class Scored:
    """A partner's series over its weeks of tenure. `metric_scores` are per version in force."""

    partner_id: str
    segment: str
    weeks: list[date]
    metrics: dict[str, Series]
    metric_scores: dict[int, dict[str, Series]]
    figures: dict[str, Series]
    words: dict[str, list[str | None]]


def metric_score(metric: Metric, anchors: Anchors, target_points: float, value: Series) -> Series:
    """0 to 100: straight lines through floor, target and stretch; nothing beyond either end."""
    points = np.array([anchors.floor, anchors.target, anchors.stretch])
    if metric.scale == "log1p":
        points, value = np.log1p(points), np.log1p(np.maximum(value, 0.0))
    if metric.better == "lower":
        points, value = -points, -value
    return np.interp(value, points, [0.0, target_points, 100.0])


def believed(anchors: Anchors, own: Series, evidence: Series | None) -> Series:
    """Z x own + (1 - Z) x prior with Z = n / (n + k); the prior where nothing was observed."""
    if evidence is None:
        return np.where(np.isnan(own), anchors.prior, own)
    n = np.where(np.isnan(own) | np.isnan(evidence), 0.0, evidence)
    weight = n + anchors.strength
    z = np.where(weight > 0, n / np.where(weight > 0, weight, 1.0), 1.0)
    return np.where(np.isnan(own), anchors.prior, z * np.nan_to_num(own) + (1 - z) * anchors.prior)


class Reference:
    """Scores of partners under a policy, for a programme with these sources up to a Sunday."""

    def __init__(self, policy: Policy, sources: Iterable[str], as_of: date) -> None:
        self.policy = policy
        self.as_of = as_of
        has = set(sources)
        self.applicable = frozenset(
            name for name, metric in policy.metrics.items() if has.issuperset(metric.sources)
        )
        self._weights: dict[tuple[int, str, str, int], dict[str, float]] = {}

    def weights(self, version: int, segment: str, outcome: str, tenure: int) -> dict[str, float]:
        key = (version, segment, outcome, tenure)
        if key not in self._weights:
            self._weights[key] = self.policy.weights(
                version, segment, outcome, self.applicable, tenure
            )
        return self._weights[key]

    def score(self, partner: Partner) -> Scored | None:
        """Everything about a partner; None if none of its weeks can be scored."""
        weeks = partner.weeks(self.as_of)
        if not weeks:
            return None
        segment = self.policy.segment_of(partner.track)
        metrics = metrics_of(partner, self.as_of, self.policy)
        scores = {
            version: self.metric_scores(version, segment, metrics)
            for version in sorted({v for week in weeks for v in self.policy.shares(week)})
        }
        scored = Scored(partner.partner_id, segment, weeks, metrics, scores, {}, {})
        for outcome in OUTCOMES:
            self.blend(scored, outcome)
            self.stabilise(scored, outcome)
        self.judge(scored, partner.ended_by(self.as_of))
        return scored

    def metric_scores(
        self, version: int, segment: str, metrics: dict[str, Series]
    ) -> dict[str, Series]:
        anchors = self.policy.anchors(version, segment)
        target_points = self.policy.parameters["target_score"]
        found = {}
        for name, metric in self.policy.metrics.items():
            evidence = metrics[metric.evidence] if metric.evidence else None
            value = believed(anchors[name], metrics[name], evidence)
            found[name] = metric_score(metric, anchors[name], target_points, value)
        return found

    def blend(self, scored: Scored, outcome: str) -> None:
        """Raw and layer scores and coverage: weighted sums over metrics and versions in force."""
        points = {layer: np.zeros(len(scored.weeks)) for layer in LAYERS}
        weight = {layer: np.zeros(len(scored.weeks)) for layer in LAYERS}
        coverage = np.zeros(len(scored.weeks))
        for tenure, week in enumerate(scored.weeks):
            for version, share in self.policy.shares(week).items():
                weights = self.weights(version, scored.segment, outcome, tenure)
                for name, of_score in weights.items():
                    layer = self.policy.metrics[name].layer
                    part = share * of_score
                    points[layer][tenure] += part * scored.metric_scores[version][name][tenure]
                    weight[layer][tenure] += part
                    coverage[tenure] += part * (not np.isnan(scored.metrics[name][tenure]))
        for layer in LAYERS:
            known = weight[layer] > 0
            scored.figures[f"{outcome}_{layer}_score"] = np.where(
                known, points[layer] / np.where(known, weight[layer], 1.0), np.nan
            )
        scored.figures[f"{outcome}_raw_score"] = sum(points.values(), np.zeros(len(scored.weeks)))
        scored.figures[f"{outcome}_coverage"] = np.minimum(np.round(coverage, 9), 1.0)

    def stabilise(self, scored: Scored, outcome: str) -> None:
        """Smoothing, guardrail and bands, week by week."""
        raw = scored.figures[f"{outcome}_raw_score"]
        smoothed, guarded, bands = np.zeros(len(raw)), np.zeros(len(raw)), list[int]()
        fading, asked = np.zeros(0), list[Asked]()
        for tenure, week in enumerate(scored.weeks):
            version = self.policy.leading(week)
            rules = self.policy.rules(version)
            # Every week fades by the half-life of the version that leads while it grows older.
            fading = np.append(fading * 0.5 ** (1 / rules[f"{outcome}_half_life"]), 1.0)
            smoothed[tenure] = np.average(raw[: tenure + 1], weights=fading)
            most = rules["most_move_ramp" if tenure < rules["ramp_weeks"] else "most_move"]
            last = guarded[tenure - 1] if tenure else smoothed[0]
            guarded[tenure] = min(max(smoothed[tenure], last - most), last + most)
            cuts = self.policy.cuts(version, outcome)
            asked.append(Asked.by(guarded[tenure], cuts, rules["band_change_margin"]))
            bands.append(band_of(asked, bands, rules))
        scored.figures[f"{outcome}_smoothed_score"] = smoothed
        scored.figures[f"{outcome}_guarded_score"] = guarded
        scored.figures[f"{outcome}_held_back"] = smoothed - guarded
        scored.words[f"{outcome}_guarded_band"] = [BANDS[band] for band in bands]

    def judge(self, scored: Scored, ended: bool) -> None:
        """Status, and what of scores and bands is shown."""
        figures = scored.figures
        figures["coverage"] = (figures["revenue_coverage"] + figures["engagement_coverage"]) / 2
        statuses: list[str | None] = []
        for tenure, week in enumerate(scored.weeks):
            rules = self.policy.rules(self.policy.leading(week))
            coverage = figures["coverage"][tenure]
            if ended and tenure == len(scored.weeks) - 1:
                statuses.append("terminated")
            elif tenure < rules["unscored_weeks"] or coverage < rules["unscored_coverage"]:
                statuses.append("unscored")
            elif tenure < rules["provisional_weeks"] or coverage < rules["provisional_coverage"]:
                statuses.append("provisional")
            else:
                statuses.append("published")
        scored.words["status"] = statuses
        for outcome in OUTCOMES:
            guarded = figures[f"{outcome}_guarded_score"]
            shown = {"terminated": 0.0, "unscored": np.nan}
            figures[f"{outcome}_score"] = np.array(
                [shown.get(str(status), at) for status, at in zip(statuses, guarded, strict=True)]
            )
            scored.words[f"{outcome}_band"] = [
                {"terminated": "low", "unscored": None}.get(str(status), band)
                for status, band in zip(
                    statuses, scored.words[f"{outcome}_guarded_band"], strict=True
                )
            ]


@dataclass(frozen=True)
class Asked:
    """The bands (0 low, 1 medium, 2 high) of a score: by the cuts alone, by cuts that are a margin
    higher (it is at least this one), and by cuts that are a margin lower (at most this one)."""

    plain: int
    at_least: int
    at_most: int

    @classmethod
    def by(cls, score: float, cuts: list[float], margin: float) -> "Asked":
        return cls(*(sum(score >= cut + by for cut in cuts) for by in (0.0, margin, -margin)))


def band_of(asked: list[Asked], earlier: list[int], rules: dict[str, float]) -> int:
    """The band of the last week, given what every week so far asked and the bands before it.

    Until the first score is shown the cuts alone decide. After that a band changes once the score
    has been past a cut by the margin for the weeks that policy asks, this one included.
    """
    if len(asked) <= rules["unscored_weeks"]:
        return asked[-1].plain
    recent, last = asked[-int(rules["band_change_weeks"]) :], earlier[-1]
    up = min(each.at_least for each in recent)
    return up if up > last else min(max(each.at_most for each in recent), last)
