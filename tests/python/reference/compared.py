"""Cell by cell: what SQL built beside what the reference computes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from tests.python.pipeline.running import Programme
from tests.python.reference import warehouse
from tests.python.reference.policy import OUTCOMES, Policy
from tests.python.reference.reference import Reference, Scored

TOLERANCE = 1e-6
Cell = float | str | bool | None


@dataclass
class Comparison:
    """How many cells were compared, and the first that differ."""

    cells: int = 0
    largest: float = 0.0
    differences: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, where: str, built: Cell, expected: Cell) -> None:
        self.cells += 1
        if isinstance(built, float) and isinstance(expected, float):
            # Money and days are larger than scores: relative beyond 1.
            apart = abs(built - expected) / max(1.0, abs(expected))
            self.largest = max(self.largest, apart)
            same = apart <= TOLERANCE
        else:
            same = built == expected
        if not same:
            self.differences += 1
            if len(self.first) < 20:
                self.first.append(f"{where}: built {built}, expected {expected}")

    def __str__(self) -> str:
        return "\n".join([f"{self.differences} of {self.cells} cells differ", *self.first])


def reference_of(programme: Programme, policy: Policy) -> Reference:
    """The reference for a programme: its sources, and its last scored Sunday."""
    return Reference(
        policy,
        warehouse.sources(programme),
        warehouse.is_active(programme, policy),
        warehouse.as_of(programme),
    )


def score_all(programme: Programme, policy: Policy | None = None) -> dict[str, Scored | None]:
    """Every staged partner by the reference; None for those without a week to score."""
    reference = reference_of(programme, policy or Policy())
    return {
        partner_id: reference.score(partner)
        for partner_id, partner in warehouse.partners(programme).items()
    }


def cell(value: object) -> Cell:
    if value is None or isinstance(value, (str, bool)):
        return value
    number = float(value)  # type: ignore[arg-type]
    return None if math.isnan(number) else number


Built = dict[tuple[str, date], dict[str, object]]


def table(programme: Programme, relation: str, columns: list[str]) -> Built:
    """A table of partner-weeks by partner and week."""
    rows = programme.rows(f"select partner_id, week_start, {', '.join(columns)} from {relation}")
    found = {(row[0], row[1]): dict(zip(columns, row[2:], strict=True)) for row in rows}
    assert len(found) == len(rows), f"{relation} has a partner-week twice"
    return found


def weeks_of(scored: dict[str, Scored | None]) -> Iterator[tuple[int, tuple[str, date], Scored]]:
    for each in scored.values():
        for tenure, week in enumerate(each.weeks if each else []):
            yield tenure, (each.partner_id, week), each


def compare_metrics(programme: Programme, scored: dict[str, Scored | None]) -> Comparison:
    """Every metric and its evidence, of every partner-week."""
    columns = sorted(next(each for each in scored.values() if each).metrics)
    built = table(programme, "metrics.partner_metrics", ["tenure_week", *columns])
    compared = Comparison()
    for tenure, key, each in weeks_of(scored):
        row = built.pop(key)
        compared.add(f"{key} tenure_week", cell(row["tenure_week"]), float(tenure))
        for name in columns:
            expected = each.metrics[name][tenure]
            compared.add(f"{key} {name}", cell(row[name]), cell(expected))
    assert not built, f"weeks that should not be there: {list(built)[:5]}"
    return compared


def compare_metric_scores(
    programme: Programme, scored: dict[str, Scored | None], policy: Policy
) -> Comparison:
    """Every metric's score and whether it was observed, of every partner-week and version."""
    names = sorted(policy.metrics)
    columns = [f"{name}__{what}" for name in names for what in ("score", "credibility")]
    compared = Comparison()
    for version in policy.versions:
        relation = f"scores.metric_scores where framework = 'version {version.number}'"
        built = table(programme, relation, ["segment", "framework_share", *columns])
        for tenure, key, each in weeks_of(scored):
            share = policy.shares(key[1]).get(version.number)
            if share is None:
                continue
            row = built.pop(key)
            compared.add(f"{key} segment", cell(row["segment"]), each.segment)
            compared.add(f"{key} share", cell(row["framework_share"]), share)
            for name in names:
                score = each.metric_scores[version.number][name][tenure]
                seen = each.credibility[version.number][name][tenure]
                compared.add(f"{key} {name} score", cell(row[f"{name}__score"]), cell(score))
                compared.add(f"{key} {name} seen", cell(row[f"{name}__credibility"]), cell(seen))
        assert not built, f"weeks that should not be there: {list(built)[:5]}"
    return compared


def compare_scores(
    programme: Programme, scored: dict[str, Scored | None], policy: Policy
) -> Comparison:
    """Raw, layer, smoothed, guarded and shown scores, coverage, bands and status."""
    example = next(each for each in scored.values() if each)
    figures = [name for name in example.figures if "guarded" not in name]
    words = [name for name in example.words if "guarded" not in name]
    built = table(
        programme, "scores.outcome_scores", ["framework_version", "segment", *figures, *words]
    )
    stable = table(
        programme,
        "scores.stable_scores",
        [f"{outcome}_{what}" for outcome in OUTCOMES for what in ("score", "band")],
    )
    compared = Comparison()
    for tenure, key, each in weeks_of(scored):
        row, guarded = built.pop(key), stable.pop(key)
        compared.add(f"{key} segment", cell(row["segment"]), each.segment)
        leading = float(policy.leading(key[1]))
        compared.add(f"{key} version", cell(row["framework_version"]), leading)
        for name in figures:
            compared.add(f"{key} {name}", cell(row[name]), cell(each.figures[name][tenure]))
        for name in words:
            compared.add(f"{key} {name}", cell(row[name]), each.words[name][tenure])
        for outcome in OUTCOMES:
            score = each.figures[f"{outcome}_guarded_score"][tenure]
            band = each.words[f"{outcome}_guarded_band"][tenure]
            compared.add(f"{key} {outcome} guarded", cell(guarded[f"{outcome}_score"]), cell(score))
            compared.add(f"{key} {outcome} guarded band", cell(guarded[f"{outcome}_band"]), band)
    assert not built and not stable, f"weeks that should not be there: {list(built)[:5]}"
    return compared
