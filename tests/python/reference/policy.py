"""Policy and the metric registry, read from their files: the second reader beside dbt's.

Only reading, fallback to the baseline and the choice of what applies belong here; no formula of a
score does.
"""

import csv
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import yaml

PROJECT = Path(__file__).parents[3]
SEEDS = PROJECT / "seeds" / "policy"
LAYERS = ("strategy", "execution", "results")
OUTCOMES = ("engagement", "revenue")
BANDS = ("low", "medium", "high")

Row = dict[str, str]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Metric:
    """One entry of the registry, as far as scores need it."""

    name: str
    layer: str
    unit: str
    scale: str
    better: str
    outcomes: tuple[str, ...]
    sources: tuple[str, ...]
    evidence: str | None


@dataclass(frozen=True)
class Version:
    """An approved version of the framework."""

    number: int
    first_week: date
    blend_weeks: int


@dataclass(frozen=True)
class Anchors:
    """What a metric must reach for 0, target and 100 points; what is assumed until it is seen."""

    floor: float
    target: float
    stretch: float
    prior: float
    strength: float


class Policy:
    """The policy tables of a folder, by name of the file."""

    def __init__(self, seeds: Path = SEEDS, registry: Path | None = None) -> None:
        self.seeds = seeds
        self.registry = registry or PROJECT / "models" / "metrics" / "_metrics.yml"
        self._rows: dict[str, list[Row]] = {}
        self._versions: dict[tuple[object, ...], dict[tuple[str, ...], Row]] = {}
        self._knots: dict[tuple[int, str, str], list[Row]] = {}

    def rows(self, table: str) -> list[Row]:
        if table not in self._rows:
            self._rows[table] = self._read(table)
        return self._rows[table]

    def _read(self, table: str) -> list[Row]:
        with (self.seeds / f"{table}.csv").open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        return {metric.name: metric for metric in self._entries()}

    def _entries(self) -> Iterator[Metric]:
        for model in yaml.safe_load(self.registry.read_text(encoding="utf-8"))["models"]:
            for column in model["columns"]:
                entry = column.get("config", {}).get("meta", {}).get("metric")
                if entry:
                    yield Metric(
                        column["name"],
                        *(entry[key] for key in ("layer", "unit", "scale", "better")),
                        outcomes=tuple(entry["outcomes"]),
                        sources=tuple(entry["sources"]),
                        evidence=entry["evidence"],
                    )

    @cached_property
    def parameters(self) -> dict[str, float]:
        return {row["parameter"]: float(row["value"]) for row in self.rows("metric_parameters")}

    @cached_property
    def activity_types(self) -> dict[str, Row]:
        return {row["activity_type"]: row for row in self.rows("activity_types")}

    @cached_property
    def required_milestones(self) -> list[int]:
        """The weeks of tenure from which each required milestone is expected."""
        rows = self.rows("milestones")
        return [int(row["expected_week"]) for row in rows if row["is_required"] == "true"]

    def certified_people(self, tier: str | None) -> float:
        """How many certified people a tier asks for."""
        asked = {row["tier"]: row["required_certified_people"] for row in self.rows("tiers")}
        return float(asked[tier or "none"])

    @cached_property
    def segments(self) -> list[str]:
        rows = sorted(self.rows("segments"), key=lambda row: int(row["priority"]))
        return [row["segment"] for row in rows]

    def segment_of(self, track: str) -> str:
        """Each track is a segment of its own name; who has none belongs to the baseline."""
        return track if track in self.segments else "baseline"

    # --- versions in force ---

    @cached_property
    def versions(self) -> list[Version]:
        approved = [row for row in self.rows("framework_versions") if row["status"] == "approved"]
        versions = [
            Version(
                int(row["framework_version"]),
                monday(date.fromisoformat(row["effective_from"])),
                int(row["blend_weeks"]),
            )
            for row in approved
        ]
        return sorted(versions, key=lambda version: version.first_week)

    def shares(self, week: date) -> dict[int, float]:
        """The versions in force in a week: each newer one takes its share from those before it."""
        shares: dict[int, float] = {}
        for version in self.versions:
            if week < version.first_week:
                continue
            age = (week - version.first_week).days // 7 + 1
            new = min(age / version.blend_weeks, 1.0) if shares else 1.0
            shares = {number: share * (1 - new) for number, share in shares.items()}
            shares[version.number] = new
        return {number: share for number, share in shares.items() if share > 0}

    def leading(self, week: date) -> int:
        """The version with the largest share; of equal ones the newest."""
        return max(self.shares(week).items(), key=lambda item: (round(item[1], 12), item[0]))[0]

    # --- tables with fallback ---

    def lineage(self, version: int) -> list[int]:
        """The versions whose rows a version uses, the oldest first."""
        (row,) = [
            r for r in self.rows("framework_versions") if r["framework_version"] == str(version)
        ]
        based_on = row["based_on"]
        return [*(self.lineage(int(based_on)) if based_on else []), version]

    def in_version(self, table: str, version: int, *keys: str) -> dict[tuple[str, ...], Row]:
        """Rows of a version by `keys`, those of the versions it is based on where it has none."""
        asked = (table, version, keys)
        if asked not in self._versions:
            self._versions[asked] = {
                tuple(row[key] for key in keys): row
                for each in self.lineage(version)
                for row in self.rows(table)
                if row["framework_version"] == str(each)
            }
        return self._versions[asked]

    def own_or_baseline(
        self, table: str, version: int, segment: str, *keys: str
    ) -> dict[tuple[str, ...], Row]:
        """Rows of a version by `keys`: the segment's own where it has one, else the baseline's."""
        rows = self.in_version(table, version, "segment", *keys)
        return {
            key[1:]: row
            for whose in ("baseline", segment)
            for key, row in rows.items()
            if key[0] == whose
        }

    def knots(self, version: int, segment: str, outcome: str) -> list[Row]:
        """The knots of the first set there is: the segment's, else the baseline's; newest first."""
        if (version, segment, outcome) not in self._knots:
            self._knots[version, segment, outcome] = self._find_knots(version, segment, outcome)
        return self._knots[version, segment, outcome]

    def _find_knots(self, version: int, segment: str, outcome: str) -> list[Row]:
        for whose in (segment, "baseline"):
            for each in reversed(self.lineage(version)):
                asked = {"framework_version": str(each), "segment": whose, "outcome": outcome}
                found = [row for row in self.rows("layer_weights") if asked.items() <= row.items()]
                if found:
                    return sorted(found, key=lambda row: int(row["tenure_week"]))
        raise LookupError(f"no knots of {outcome} for {segment}")

    def own_share(self, version: int, segment: str) -> float:
        """How much a segment's own numbers count beside the baseline's."""
        (row,) = [
            r for r in self.rows("framework_versions") if r["framework_version"] == str(version)
        ]
        if row["method"] == "baseline_with_adjustments":
            return 0.0
        pooling = self.in_version("segment_pooling", version, "segment")
        return float(pooling[segment,]["own_share"]) if (segment,) in pooling else 1.0

    def adjustment(self, version: int, outcome: str, attributes: dict[str, str | None]) -> float:
        """Points for what a partner does not control."""
        (row,) = [
            r for r in self.rows("framework_versions") if r["framework_version"] == str(version)
        ]
        points = 0.0
        for (whose, attribute, value), each in self.in_version(
            "context_adjustments", version, "outcome", "attribute", "value"
        ).items():
            # Where segments have weights of their own, these say what is different about them.
            counts = attribute != "segment" or row["method"] == "baseline_with_adjustments"
            if whose == outcome and counts and attributes.get(attribute) == value:
                points += float(each["points"])
        most = self.rules(version)["most_overlay"]
        return min(max(points, -most), most)

    @cached_property
    def money_rate(self) -> float:
        """What a euro of policy is worth in the reporting currency, in the newest year."""
        text = (PROJECT / "dbt_project.yml").read_text(encoding="utf-8")
        currency = yaml.safe_load(text)["vars"]["reporting_currency"]
        rows = [row for row in self.rows("exchange_rates") if row["currency"] == currency]
        return 1 / float(max(rows, key=lambda row: int(row["rate_year"]))["euros"])

    def anchors(self, version: int, segment: str) -> dict[str, Anchors]:
        """Anchors and priors of every metric, pooled, money in the reporting currency."""
        own = self._own_anchors(version, segment)
        baseline = self._own_anchors(version, "baseline")
        share = self.own_share(version, segment)
        return {
            name: Anchors(
                *(
                    share * one + (1 - share) * other
                    for one, other in zip(astuple(own[name]), astuple(baseline[name]), strict=True)
                )
            )
            for name in own
        }

    def _own_anchors(self, version: int, segment: str) -> dict[str, Anchors]:
        priors = self.own_or_baseline("metric_priors", version, segment, "metric")
        found = {}
        for (name,), row in self.own_or_baseline(
            "metric_anchors", version, segment, "metric"
        ).items():
            rate = self.money_rate if self.metrics[name].unit.startswith("currency") else 1.0
            found[name] = Anchors(
                *(float(row[f"{at}_value"]) * rate for at in ("floor", "target", "stretch")),
                prior=float(priors[name,]["prior_value"]) * rate,
                strength=float(priors[name,]["prior_strength"]),
            )
        return found

    def weights(
        self, version: int, segment: str, outcome: str, applicable: frozenset[str], tenure: int
    ) -> dict[str, float]:
        """What share of the score each applicable metric has in a week of tenure."""
        share = self.own_share(version, segment)
        metrics = self.own_or_baseline("metric_weights", version, segment, "outcome", "metric")
        baseline = self.own_or_baseline("metric_weights", version, "baseline", "outcome", "metric")
        rows = {
            name: row
            for (whose, name), row in metrics.items()
            if whose == outcome and name in applicable
        }
        within: dict[str, dict[str, float]] = {layer: {} for layer in LAYERS}
        for name, row in rows.items():
            of_baseline = float(baseline.get((outcome, name), {"weight": "0"})["weight"])
            within[self.metrics[name].layer][name] = (
                share * float(row["weight"]) + (1 - share) * of_baseline
            )
        # A layer without a metric gives its weight to the others in proportion.
        layers = {
            layer: share * self.layer_weight(version, segment, outcome, layer, tenure)
            + (1 - share) * self.layer_weight(version, "baseline", outcome, layer, tenure)
            for layer in LAYERS
            if within[layer]
        }
        shares = {
            name: layers[layer] / sum(layers.values()) * weight / sum(within[layer].values())
            for layer in layers
            for name, weight in within[layer].items()
        }
        # Opinion has a most share; what it may not have goes to the others in proportion.
        most = {name: float(row["most_share"]) for name, row in rows.items() if row["most_share"]}
        capped = {name: cap for name, cap in most.items() if shares[name] > cap}
        free = sum(share for name, share in shares.items() if name not in capped)
        if not capped or free == 0:
            return shares
        rest = (1 - sum(capped.values())) / free
        return {name: capped.get(name, share * rest) for name, share in shares.items()}

    def layer_weight(
        self, version: int, segment: str, outcome: str, layer: str, tenure: int
    ) -> float:
        """Weight of a layer in a week of tenure, on straight lines between the knots."""
        knots = self.knots(version, segment, outcome)
        weeks = [float(row["tenure_week"]) for row in knots]
        return float(np.interp(tenure, weeks, [float(row[layer]) for row in knots]))

    # --- stability and status ---

    def rules(self, version: int) -> dict[str, float]:
        return {
            rule: float(row["value"])
            for (rule,), row in self.in_version("stability_rules", version, "rule").items()
        }

    def cuts(self, version: int, outcome: str) -> list[float]:
        """Where medium and high begin."""
        bounds = {
            band: float(row["lower_bound"])
            for (whose, band), row in self.in_version(
                "score_bands", version, "outcome", "band"
            ).items()
            if whose == outcome
        }
        return [bounds[band] for band in BANDS[1:]]
