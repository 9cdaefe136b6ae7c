"""Policy and the metric registry, read from their files: the second reader beside dbt's.

Only reading, fallback to the baseline and the choice of what applies belong here; no formula of a
score does.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
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

    def own_or_baseline(
        self, table: str, version: int, segment: str, *keys: str
    ) -> dict[tuple[str, ...], Row]:
        """Rows of a version by `keys`: the segment's own where it has one, else the baseline's."""
        found: dict[tuple[str, ...], Row] = {}
        for whose in ("baseline", segment):
            for row in self.rows(table):
                if int(row["framework_version"]) == version and row["segment"] == whose:
                    found[tuple(row[key] for key in keys)] = row
        return found

    @cached_property
    def money_rate(self) -> float:
        """What a euro of policy is worth in the reporting currency, in the newest year."""
        text = (PROJECT / "dbt_project.yml").read_text(encoding="utf-8")
        currency = yaml.safe_load(text)["vars"]["reporting_currency"]
        rows = [row for row in self.rows("exchange_rates") if row["currency"] == currency]
        return 1 / float(max(rows, key=lambda row: int(row["rate_year"]))["euros"])

    def anchors(self, version: int, segment: str) -> dict[str, Anchors]:
        """Anchors and priors of every metric, money in the reporting currency."""
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
        knots = self.own_or_baseline("layer_weights", version, segment, "outcome", "tenure_week")
        of_outcome = sorted(
            (row for row in knots.values() if row["outcome"] == outcome),
            key=lambda row: int(row["tenure_week"]),
        )
        weeks = [float(row["tenure_week"]) for row in of_outcome]
        metrics = self.own_or_baseline("metric_weights", version, segment, "outcome", "metric")
        rows = {
            name: row
            for (whose, name), row in metrics.items()
            if whose == outcome and name in applicable
        }
        within: dict[str, dict[str, float]] = {layer: {} for layer in LAYERS}
        for name, row in rows.items():
            within[self.metrics[name].layer][name] = float(row["weight"])
        # A layer without a metric gives its weight to the others in proportion.
        layers = {
            layer: float(np.interp(tenure, weeks, [float(row[layer]) for row in of_outcome]))
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

    # --- stability and status ---

    def rules(self, version: int) -> dict[str, float]:
        return {
            row["rule"]: float(row["value"])
            for row in self.rows("stability_rules")
            if int(row["framework_version"]) == version
        }

    def cuts(self, version: int, outcome: str) -> list[float]:
        """Where medium and high begin."""
        bounds = {
            row["band"]: float(row["lower_bound"])
            for row in self.rows("score_bands")
            if int(row["framework_version"]) == version and row["outcome"] == outcome
        }
        return [bounds[band] for band in BANDS[1:]]
