"""A framework as numbers: anchors, priors and weights, and what a proposal would make of them.

The same arithmetic as `models/frameworks/` and `macros/scoring/metric_score.sql`, because a fit
tries thousands of frameworks; tests compare both. Policy is read from the working database, where
dbt has seeded it.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LAYERS = ("strategy", "execution", "results")
OUTCOMES = ("engagement", "revenue")
# What a metric that an outcome is opened to starts with, as a share of the weight of its layer; of
# the score where its layer has no other metric.
ENTRY_SHARE = 0.05


@dataclass(frozen=True)
class Metric:
    """What a framework needs to know of a metric of the registry."""

    name: str
    layer: int
    is_log: bool
    evidence: str | None
    is_applicable: bool
    is_money: bool
    # Outcomes that experts give it no weight for and a proposal may.
    open_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Anchors:
    """Each (segments, metrics), amounts in the reporting currency."""

    floor: Array
    target: Array
    stretch: Array
    prior: Array
    strength: Array


@dataclass(frozen=True)
class Weighting:
    """The weights of one outcome as policy states them.

    `metric` and `most_share` are (segments, metrics), 0 and NaN where there is none; `knots` has
    for each segment the weeks of tenure (k) and the shares of the layers there (k, layers).
    """

    metric: Array
    most_share: Array
    knots: tuple[tuple[Array, Array], ...]


@dataclass(frozen=True)
class Framework:
    """An approved version of the framework, resolved for the segments of the programme."""

    name: str
    version: int
    segments: tuple[str, ...]
    metrics: tuple[Metric, ...]
    anchors: Anchors
    points: Array  # (segments, 2): points up to the target, points from there to the stretch
    own_share: Array  # (segments): how far a segment's own weights count beside the baseline's
    weighting: dict[str, Weighting]

    @property
    def layer_of(self) -> NDArray[np.int64]:
        return np.array([metric.layer for metric in self.metrics])

    @cached_property
    def stages(self) -> Array:
        """The weeks of tenure of the baseline's knots, of either outcome."""
        baseline = self.segments.index("baseline")
        weeks = [each.knots[baseline][0] for each in self.weighting.values()]
        return np.unique(np.concatenate(weeks))

    @cached_property
    def last_week(self) -> int:
        """The last knot of all: what it says holds on."""
        return int(max(weeks[-1] for each in self.weighting.values() for weeks, _ in each.knots))

    def with_anchors(self, anchors: Anchors) -> "Framework":
        return replace(self, anchors=anchors)

    def opened(self, outcome: str) -> "Framework":
        """The framework with a small weight for each metric that the outcome is open to.

        The same weight in all segments: a version states it once, for the baseline.
        """
        own = self.weighting[outcome]
        applies = np.array([metric.is_applicable for metric in self.metrics])
        enters = applies & [
            outcome in metric.open_to and not own.metric[:, at].any()
            for at, metric in enumerate(self.metrics)
        ]
        weight, knots = own.metric.copy(), [(weeks, shares.copy()) for weeks, shares in own.knots]
        used = (own.metric.max(axis=0) * applies) @ self._in_layer > 0
        entering = enters @ self._in_layer
        baseline = own.metric[self.segments.index("baseline")] * applies
        for layer in np.flatnonzero(entering):
            members = self.layer_of == layer
            if used[layer]:
                weight[:, enters & members] = ENTRY_SHARE * baseline[members].sum()
                continue
            # An empty layer has left its share to the others: it starts anew with as much as its
            # metrics bring.
            weight[:, enters & members] = 1.0
            brings = ENTRY_SHARE * entering[layer]
            for _, shares in knots:
                whole, others = shares.sum(axis=1), shares[:, used].sum(axis=1)
                shares[:, layer] = brings / (1 - brings) * others
                shares *= (whole / shares.sum(axis=1))[:, None]
        changed = replace(own, metric=weight, knots=tuple(knots))
        return replace(self, weighting=self.weighting | {outcome: changed})

    def metric_scores(self, values: Array, evidence: Array, segment: NDArray[np.int64]) -> Array:
        """Scores (0 to 100) of values and evidence; all (rows, metrics), NaN: not observed.

        Evidence of a metric that has none is infinite: its value stands for itself.
        """
        a = {
            name: getattr(self.anchors, name)[segment]
            for name in ("floor", "target", "stretch", "prior", "strength")
        }
        seen = ~np.isnan(values)
        n = np.where(np.isnan(evidence), 0.0, evidence)
        with np.errstate(invalid="ignore", divide="ignore"):
            credibility = np.where(np.isinf(n), 1.0, n / (n + a["strength"]))
        # No evidence and no prior strength: the value is all there is.
        credibility = np.where(np.isnan(credibility), 1.0, credibility)
        own = np.where(seen, values, a["prior"])
        credible = np.where(seen, credibility * own + (1 - credibility) * a["prior"], a["prior"])
        log = np.array([metric.is_log for metric in self.metrics])
        at = np.where(log, np.log1p(np.maximum(credible, 0)), credible)
        floor, target, stretch = (
            np.where(log, np.log1p(a[name]), a[name]) for name in ("floor", "target", "stretch")
        )
        to_target, to_stretch = self.points[segment][:, 0, None], self.points[segment][:, 1, None]
        return to_target * np.clip((at - floor) / (target - floor), 0, 1) + to_stretch * np.clip(
            (at - target) / (stretch - target), 0, 1
        )

    def shares(
        self, outcome: str, emphasis: Array | None = None, tilt: Array | None = None
    ) -> Array:
        """The share of each metric in the score: (segments, weeks to the last knot, metrics).

        `emphasis` (metrics) multiplies metric weights and `tilt` (stages, layers) the shares of
        layers, both as logarithms; without them the shares are the framework's own.
        """
        return self.combined(outcome, self.within(outcome, emphasis), self.layers(outcome, tilt))

    def within(self, outcome: str, emphasis: Array | None = None) -> Array:
        """The share of each metric in its layer: (segments, metrics); 0 where it does not apply."""
        factor = np.exp(np.zeros(len(self.metrics)) if emphasis is None else emphasis)
        own = self.weighting[outcome].metric * factor
        usable = self._pooled(own) * [metric.is_applicable for metric in self.metrics]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.nan_to_num(usable / (usable @ self._in_layer @ self._in_layer.T))

    def layers(self, outcome: str, tilt: Array | None = None) -> Array:
        """The layers' shares as policy states them: (segments, weeks of tenure, layers)."""
        weeks = np.arange(self.last_week + 1, dtype=float)
        return self._pooled(
            np.stack([
                lines(weeks, *self.tilted(outcome, segment, tilt))
                for segment in range(len(self.segments))
            ])
        )  # fmt: skip

    def combined(self, outcome: str, within: Array, layers: Array) -> Array:
        """Shares of the score; a layer without metrics leaves its share to the others."""
        present = layers * ((within @ self._in_layer) > 0)[:, None, :]
        present = present / present.sum(axis=2, keepdims=True)
        share = (present @ self._in_layer.T) * within[:, None, :]
        return _capped(share, self.weighting[outcome].most_share[:, None, :])

    def tilted(self, outcome: str, segment: int, tilt: Array | None = None) -> tuple[Array, Array]:
        """The knots of a segment (weeks; shares by layer) with the layers' shares tilted."""
        weeks, shares = self.weighting[outcome].knots[segment]
        if tilt is None:
            return weeks, shares
        changed = shares * np.exp(lines(weeks, self.stages, tilt))
        return weeks, changed / changed.sum(axis=1, keepdims=True) * shares.sum(
            axis=1, keepdims=True
        )

    def _pooled(self, own: Array) -> Array:
        """A segment's own numbers, and the baseline's by the share that the segment leaves it."""
        share = self.own_share.reshape(-1, *[1] * (own.ndim - 1))
        return share * own + (1 - share) * own[self.segments.index("baseline")]

    @cached_property
    def _in_layer(self) -> Array:
        return np.eye(len(LAYERS))[self.layer_of]  # (metrics, layers)


def lines(at: Array, knots: Array, values: Array) -> Array:
    """Straight lines through `values` (knots, columns), at these places; level beyond the ends."""
    return np.stack([np.interp(at, knots, column) for column in values.T], axis=-1)


def _capped(share: Array, most: Array) -> Array:
    """No metric above its most share; the others take what is left in proportion."""
    over = share > most
    free = np.where(over, 0, share)
    rest = 1 - np.where(over, most, 0).sum(axis=2, keepdims=True)
    left = free.sum(axis=2, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        capped = np.where(over, most, free / left * rest)
    return np.where(left == 0, share, capped)


def in_force(connection: duckdb.DuckDBPyConnection) -> Framework:
    """The official version that leads in the last scored week, as it applies to this programme."""
    name, version = _rows(
        connection,
        """
        select framework, framework_version from frameworks.framework_weeks
        where is_official and is_leading
        order by week_start desc limit 1
        """,
    )[0]
    metrics = tuple(
        Metric(
            metric,
            LAYERS.index(layer),
            scale == "log1p",
            evidence,
            applies,
            money,
            tuple(filter(None, open_to.split(", "))),
        )
        for metric, layer, scale, evidence, applies, money, open_to in _rows(
            connection,
            """
            select metric, layer, scale, evidence, is_applicable, unit like 'currency%', open_to
            from metrics.metric_definitions inner join metrics.metric_availability using (metric)
            order by metric
            """,
        )
    )
    own_shares = _rows(
        connection,
        "select segment, own_share from frameworks.framework_segments "
        "where framework = ? order by segment",
        name,
    )
    segments = tuple(segment for segment, _ in own_shares)
    anchors, points = _anchors(connection, name, segments, metrics)
    return Framework(
        name=name,
        version=version,
        segments=segments,
        metrics=metrics,
        anchors=anchors,
        points=points,
        own_share=np.array([share for _, share in own_shares], dtype=float),
        weighting={
            outcome: _weighting(connection, version, outcome, segments, metrics)
            for outcome in OUTCOMES
        },
    )


def _anchors(
    connection: duckdb.DuckDBPyConnection,
    framework: str,
    segments: tuple[str, ...],
    metrics: tuple[Metric, ...],
) -> tuple[Anchors, Array]:
    place = {metric.name: at for at, metric in enumerate(metrics)}
    table = np.full((5, len(segments), len(metrics)), np.nan)
    for segment, metric, *numbers in _rows(
        connection,
        "select segment, metric, floor_value, target_value, stretch_value, prior_value, "
        "prior_strength from frameworks.resolved_anchors where framework = ?",
        framework,
    ):
        table[:, segments.index(segment), place[metric]] = numbers
    points = _rows(
        connection,
        "select segment, target_points, stretch_points from frameworks.framework_parameters "
        "where framework = ? order by segment",
        framework,
    )
    return Anchors(*table), np.array([row[1:] for row in points], dtype=float)


# The rows of a policy table as a version and segment have them, by the rule of `with_fallback`.
FALLBACK = """
    select segments.segment as for_segment, rows.*
    from policy.segments as segments
    inner join policy.{table} as rows on rows.segment in (segments.segment, 'baseline')
    inner join frameworks.framework_ancestors as ancestors
        on rows.framework_version = ancestors.ancestor and ancestors.framework_version = ?
    where rows.outcome = ?
    qualify rank() over (
        partition by segments.segment{keys}
        order by (rows.segment = segments.segment) desc, ancestors.distance
    ) = 1
"""


def _weighting(
    connection: duckdb.DuckDBPyConnection,
    version: int,
    outcome: str,
    segments: tuple[str, ...],
    metrics: tuple[Metric, ...],
) -> Weighting:
    place = {metric.name: at for at, metric in enumerate(metrics)}
    weights = np.zeros((len(segments), len(metrics)))
    most = np.full_like(weights, np.nan)
    rows = FALLBACK.format(table="metric_weights", keys=", rows.metric")
    for segment, metric, weight, share in _rows(
        connection,
        f"select for_segment, metric, weight, most_share from ({rows})",
        version,
        outcome,
    ):
        weights[segments.index(segment), place[metric]] = weight
        most[segments.index(segment), place[metric]] = np.nan if share is None else share
    knots: dict[str, list[tuple[float, ...]]] = {}
    rows = FALLBACK.format(table="layer_weights", keys="")
    for segment, *numbers in _rows(
        connection,
        f"select for_segment, tenure_week, {', '.join(LAYERS)} from ({rows}) order by all",
        version,
        outcome,
    ):
        knots.setdefault(segment, []).append(tuple(float(number) for number in numbers))
    tables = [np.array(knots[segment]) for segment in segments]
    return Weighting(weights, most, tuple((table[:, 0], table[:, 1:]) for table in tables))


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, *given: object) -> list[tuple[Any, ...]]:
    return connection.execute(sql, list(given)).fetchall()
