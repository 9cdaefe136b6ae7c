"""The score once more, in plain Python: from metrics to scores, bands and status.

Written from the catalogue and the descriptions of policy, to be compared with what SQL built. It
reads no table of scores and calls no SQL of the project.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tests.python.reference.figures import Partner, Series, metrics_of
from tests.python.reference.policy import BANDS, LAYERS, OUTCOMES, Anchors, Metric, Policy, monday

MATURE = 520  # weeks: past the last knot of every layer


@dataclass
class Scored:
    """A partner's series over its weeks of tenure. `metric_scores` are per version in force."""

    partner_id: str
    segment: str
    weeks: list[date]
    metrics: dict[str, Series]
    metric_scores: dict[int, dict[str, Series]]
    credibility: dict[int, dict[str, Series]]
    is_held: list[bool]
    attributes: dict[str, str | None]
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


def credibility(anchors: Anchors, own: Series, evidence: Series | None) -> Series:
    """How far the own value counts, Z = n / (n + k); NaN where nothing was observed."""
    n = np.ones(len(own)) if evidence is None else np.nan_to_num(evidence)
    strength = 0.0 if evidence is None else anchors.strength
    whole = n + strength
    return np.where(
        np.isnan(own), np.nan, np.where(whole > 0, n / np.where(whole > 0, whole, 1), 1)
    )


class Reference:
    """Scores of partners under a policy, for a programme up to a Sunday. `sources` are the entities
    with records, each with the day until which it is fresh; `is_active` says whether any activity
    counts as active."""

    def __init__(
        self, policy: Policy, sources: dict[str, date], is_active: bool, as_of: date
    ) -> None:
        self.policy = policy
        self.as_of = as_of
        self.applicable = frozenset(
            name
            for name, metric in policy.metrics.items()
            if (is_active if not metric.sources else set(sources).issuperset(metric.sources))
        )
        # The last week that was over while all sources of a metric were fresh, if that has passed.
        self.fresh_until = {
            name: monday(until + timedelta(days=1)) - timedelta(weeks=1)
            for name in self.applicable
            if policy.metrics[name].sources
            and (until := min(sources[each] for each in policy.metrics[name].sources)) < as_of
        }
        self._weights: dict[tuple[int, str, str, int], dict[str, float]] = {}
        self._breadths: dict[tuple[int, str], float] = {}

    def weights(self, version: int, segment: str, outcome: str, tenure: int) -> dict[str, float]:
        key = (version, segment, outcome, tenure)
        if key not in self._weights:
            self._weights[key] = self.policy.weights(
                version, segment, outcome, self.applicable, tenure
            )
        return self._weights[key]

    def breadth(self, version: int, segment: str) -> float:
        """What share of the framework the sources can measure, for a mature partner."""
        if (version, segment) not in self._breadths:
            everything = frozenset(self.policy.metrics)
            shares = [
                self.policy.weights(version, segment, outcome, everything, MATURE)
                for outcome in OUTCOMES
            ]
            self._breadths[version, segment] = float(
                np.mean([sum(of[name] for name in self.applicable & of.keys()) for of in shares])
            )
        return self._breadths[version, segment]

    def score(self, partner: Partner) -> Scored | None:
        """Everything about a partner; None if none of its weeks can be scored."""
        weeks = partner.weeks(self.as_of)
        if not weeks:
            return None
        segment = self.policy.segment_of(partner.track)
        metrics = metrics_of(partner, self.as_of, self.policy)
        seen = self.held(weeks, metrics)
        versions = sorted({v for week in weeks for v in self.policy.shares(week)})
        scored = Scored(
            partner.partner_id,
            segment,
            weeks,
            metrics,
            {version: self.metric_scores(version, segment, seen) for version in versions},
            {version: self.credibilities(version, segment, seen) for version in versions},
            [self.is_held(week, segment, tenure) for tenure, week in enumerate(weeks)],
            {**partner.context, "segment": segment},
            {},
            {},
        )
        for outcome in OUTCOMES:
            self.blend(scored, outcome)
            self.stabilise(scored, outcome)
        self.judge(scored, partner.ended_by(self.as_of))
        return scored

    def held(self, weeks: list[date], metrics: dict[str, Series]) -> dict[str, Series]:
        """Metrics and evidence with the last value of a broken source in the weeks after it."""
        found = dict(metrics)
        for name, last in self.fresh_until.items():
            for column in filter(None, (name, self.policy.metrics[name].evidence)):
                kept = metrics[column][weeks.index(last)] if last in weeks else np.nan
                found[column] = np.array(
                    [
                        kept if week > last else own
                        for week, own in zip(weeks, metrics[column], strict=True)
                    ]
                )
        return found

    def is_held(self, week: date, segment: str, tenure: int) -> bool:
        """Whether so much of the framework rests on held values that the last score stays."""
        broken = [name for name, last in self.fresh_until.items() if week > last]
        if not broken:
            return False
        version = self.policy.leading(week)
        weights = [self.weights(version, segment, outcome, tenure) for outcome in OUTCOMES]
        share = sum(each.get(name, 0.0) for each in weights for name in broken) / len(OUTCOMES)
        return round(share, 9) >= self.policy.rules(version)["stale_weight"]

    def credibilities(
        self, version: int, segment: str, metrics: dict[str, Series]
    ) -> dict[str, Series]:
        anchors = self.policy.anchors(version, segment)
        return {
            name: credibility(
                anchors[name], metrics[name], metrics[metric.evidence] if metric.evidence else None
            )
            for name, metric in self.policy.metrics.items()
        }

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
        coverage, confidence, asked = (np.zeros(len(scored.weeks)) for _ in range(3))
        for tenure, week in enumerate(scored.weeks):
            for version, share in self.policy.shares(week).items():
                weights = self.weights(version, scored.segment, outcome, tenure)
                asked[tenure] += share * self.policy.adjustment(version, outcome, scored.attributes)
                for name, of_score in weights.items():
                    layer = self.policy.metrics[name].layer
                    part = share * of_score
                    points[layer][tenure] += part * scored.metric_scores[version][name][tenure]
                    weight[layer][tenure] += part
                    credible = scored.credibility[version][name][tenure]
                    coverage[tenure] += part * (not np.isnan(credible))
                    confidence[tenure] += part * np.nan_to_num(credible)
        for layer in LAYERS:
            known = weight[layer] > 0
            scored.figures[f"{outcome}_{layer}_score"] = np.where(
                known, points[layer] / np.where(known, weight[layer], 1.0), np.nan
            )
        base = sum(points.values(), np.zeros(len(scored.weeks)))
        scored.figures[f"{outcome}_raw_score"] = np.clip(base + asked, 0, 100)
        scored.figures[f"{outcome}_overlay"] = scored.figures[f"{outcome}_raw_score"] - base
        scored.figures[f"{outcome}_coverage"] = np.minimum(np.round(coverage, 9), 1.0)
        scored.figures[f"{outcome}_confidence"] = np.minimum(np.round(confidence, 9), 1.0)

    def stabilise(self, scored: Scored, outcome: str) -> None:
        """Smoothing, guardrail and bands, week by week."""
        raw = scored.figures[f"{outcome}_raw_score"]
        smoothed, guarded, bands = np.zeros(len(raw)), np.zeros(len(raw)), list[int]()
        fading, kept, asked = np.zeros(0), list[int](), list[Asked]()
        for tenure, week in enumerate(scored.weeks):
            if scored.is_held[tenure] and tenure:
                smoothed[tenure], guarded[tenure] = smoothed[tenure - 1], guarded[tenure - 1]
                bands.append(bands[-1])
                continue
            kept.append(tenure)
            version = self.policy.leading(week)
            rules = self.policy.rules(version)
            # Every week fades by the half-life of the version that leads while it grows older.
            fading = np.append(fading * 0.5 ** (1 / rules[f"{outcome}_half_life"]), 1.0)
            smoothed[tenure] = np.average(raw[kept], weights=fading)
            most = rules["most_move_ramp" if tenure < rules["ramp_weeks"] else "most_move"]
            last = guarded[tenure - 1] if tenure else smoothed[0]
            guarded[tenure] = min(max(smoothed[tenure], last - most), last + most)
            cuts = self.policy.cuts(version, outcome)
            asked.append(Asked.by(guarded[tenure], cuts, rules["band_change_margin"]))
            bands.append(band_of(asked, bands, rules, tenure))
        scored.figures[f"{outcome}_smoothed_score"] = smoothed
        scored.figures[f"{outcome}_guarded_score"] = guarded
        scored.figures[f"{outcome}_held_back"] = smoothed - guarded
        scored.words[f"{outcome}_guarded_band"] = [BANDS[band] for band in bands]

    def judge(self, scored: Scored, ended: bool) -> None:
        """Status, and what of scores and bands is shown."""
        figures = scored.figures
        for what in ("coverage", "confidence"):
            figures[what] = (figures[f"revenue_{what}"] + figures[f"engagement_{what}"]) / 2
        statuses: list[str | None] = []
        for tenure, week in enumerate(scored.weeks):
            version = self.policy.leading(week)
            rules = self.policy.rules(version)
            coverage = figures["coverage"][tenure]
            observed = round(coverage * self.breadth(version, scored.segment), 9)
            if ended and tenure == len(scored.weeks) - 1:
                statuses.append("terminated")
            elif tenure < rules["unscored_weeks"] or coverage < rules["unscored_coverage"]:
                statuses.append("unscored")
            elif scored.is_held[tenure]:
                statuses.append("stale")
            elif tenure < rules["provisional_weeks"] or observed < rules["provisional_coverage"]:
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


def band_of(asked: list[Asked], earlier: list[int], rules: dict[str, float], tenure: int) -> int:
    """The band of the last week, given what every week so far asked and the bands before it.

    Until the first score is shown the cuts alone decide. After that a band changes once the score
    has been past a cut by the margin for the weeks that policy asks, this one included; weeks
    whose score was held do not count.
    """
    if tenure < rules["unscored_weeks"]:
        return asked[-1].plain
    recent, last = asked[-int(rules["band_change_weeks"]) :], earlier[-1]
    if len(recent) < min(rules["band_change_weeks"], tenure + 1):
        return last
    up = min(each.at_least for each in recent)
    return up if up > last else min(max(each.at_most for each in recent), last)
