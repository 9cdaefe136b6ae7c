"""The changelog of the framework: each version, what was decided and which numbers it changed.

A page of docs/catalogue (`orchestration.catalogue` writes it), from the policy files alone. What a
version does to scores is in a release: `marts.framework_impact`.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

Row = dict[str, str]
# Columns that say who and why, and not what; and which version a row belongs to.
AROUND = ("framework_version", "owner", "reason")
# Tables whose numbers belong to a version, with the columns that name a row within it.
KEYS = {
    "context_adjustments": ("outcome", "attribute", "value"),
    "layer_weights": ("segment", "outcome", "tenure_week"),
    "metric_anchors": ("segment", "metric"),
    "metric_priors": ("segment", "metric"),
    "metric_weights": ("segment", "outcome", "metric"),
    "score_bands": ("outcome", "band"),
    "segment_pooling": ("segment",),
    "stability_rules": ("rule",),
}


def sections(project: Path) -> Iterator[str]:
    """The paragraphs and tables of the page, the newest version first."""
    versions = _rows(project, "framework_versions")
    decisions = _rows(project, "decision_log")
    for version in sorted(versions, key=lambda row: -int(row["framework_version"])):
        number = version["framework_version"]
        yield f"## Version {number}: {version['status']}"
        yield f"{version['reason']}."
        yield _standing(version)
        decided = [row for row in decisions if row["framework_version"] == number]
        if decided:
            yield _table(
                ("decided on", "what", "by", "why"),
                [
                    (row["decided_on"], row["decision"], row["decided_by"], row["reason"])
                    for row in sorted(decided, key=lambda row: row["decided_on"])
                ],
            )
        changes = list(_changes(project, versions, version))
        if changes:
            yield _table(("table", "row", "number", "before", "now", "why", "owner"), changes)


def _standing(version: Row) -> str:
    """Who approved it and from when it applies, in words."""
    blend = f"blended in over {version['blend_weeks']} weeks"
    if version["status"] != "approved":
        return f"Not approved. Asked for from {version['effective_from']}, {blend}."
    return (
        f"In force from {version['effective_from']}, {blend}; approved on "
        f"{version['approved_on']} by {version['approved_by'].replace(';', ',')}."
    )


def _changes(project: Path, versions: list[Row], version: Row) -> Iterator[tuple[str, ...]]:
    """Every number that a version states otherwise than the one it is based on."""
    if not version["based_on"]:
        return
    lineage = _lineage(versions, version["based_on"])
    for table, keys in KEYS.items():
        rows = _rows(project, table)
        before = {
            tuple(row[key] for key in keys): row
            for each in lineage
            for row in rows
            if row["framework_version"] == each
        }
        for row in rows:
            if row["framework_version"] != version["framework_version"]:
                continue
            old = before.get(tuple(row[key] for key in keys), {})
            for column in row:
                if column in (*keys, *AROUND) or _same(row[column], old.get(column, "")):
                    continue
                about = ", ".join(row[key] for key in keys)
                was, now = old.get(column) or "not stated", row[column] or "not stated"
                yield (f"`{table}`", about, column, was, now, row["reason"], row["owner"])


def _same(one: str, other: str) -> bool:
    """0.6 and 0.60 are the same number."""
    try:
        return float(one) == float(other)
    except ValueError:
        return one == other


def _lineage(versions: list[Row], version: str) -> list[str]:
    """The versions whose rows a version may use, the oldest first."""
    based_on = next(row["based_on"] for row in versions if row["framework_version"] == version)
    return [*(_lineage(versions, based_on) if based_on else []), version]


def _rows(project: Path, table: str) -> list[Row]:
    path = project / "seeds" / "policy" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines
    )
