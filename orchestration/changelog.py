"""The changelog of the framework: each version, what was decided and which numbers it changed.

A page of docs/catalogue (`orchestration.catalogue` writes it), from the policy files alone. What a
version does to scores is in a release: `marts.framework_impact`.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orchestration.governance.policy import Row, Table, lineage, tables

# Columns that say who and why, and not what; and which version a row belongs to.
AROUND = ("framework_version", "owner", "reason")


def sections(project: Path) -> Iterator[str]:
    """The paragraphs and tables of the page, the newest version first."""
    policy = tables(project)
    versions = policy["framework_versions"].rows
    decisions = policy["decision_log"].rows
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
        changes = list(_changes(policy, versions, version))
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


def _changes(
    policy: Mapping[str, Table], versions: Sequence[Row], version: Row
) -> Iterator[tuple[str, ...]]:
    """Every number that a version states otherwise than the one it is based on."""
    if not version["based_on"]:
        return
    earlier = lineage(versions, version["based_on"])
    for name, table in policy.items():
        if table.meta.get("sealed") != "by_version" or name == "framework_versions":
            continue
        keys = [key for key in table.key if key != "framework_version"]
        before = {
            tuple(row[key] for key in keys): row
            for each in earlier
            for row in table.rows
            if row["framework_version"] == each
        }
        for row in table.rows:
            if row["framework_version"] != version["framework_version"]:
                continue
            old = before.get(tuple(row[key] for key in keys), {})
            for column in row:
                if column in (*keys, *AROUND) or _same(row[column], old.get(column, "")):
                    continue
                about = ", ".join(row[key] for key in keys)
                was, now = old.get(column) or "not stated", row[column] or "not stated"
                yield (f"`{name}`", about, column, was, now, row["reason"], row["owner"])


def _same(one: str, other: str) -> bool:
    """0.6 and 0.60 are the same number."""
    try:
        return float(one) == float(other)
    except ValueError:
        return one == other


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines
    )
