"""What dbt said about a build that failed, in words: which rule was broken, by how many rows, and
how to see them. Reads what dbt wrote, and asks for one row of each broken rule.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import connect
from orchestration.quality import CheckResult
from orchestration.settings import Settings

MOST = 300
"""Characters of a row that are shown."""
COMMENT = re.compile(r"\s*--\s?(.*)")


def broken_rules(settings: Settings, run_id: str, since: float) -> list[CheckResult]:
    """A failed result for each of dbt's tests that the build since then did not pass."""
    return [
        _broken_rule(settings, run_id, folder, result, node)
        for folder, result, node in _results(settings, since, "fail")
    ]


def unbuilt(settings: Settings, since: float) -> list[str]:
    """What the build since then could not build or ask at all: name, file and why, a text each."""
    return [
        f"{node['name']} ({node['original_file_path']}): {' '.join(result['message'].split())}"
        for _, result, node in _results(settings, since, "error")
    ]


def _results(
    settings: Settings, since: float, status: str
) -> Iterator[tuple[Path, Mapping[str, Any], Mapping[str, Any]]]:
    """The folder of the last build since then, its results of this status, and their nodes."""
    builds = settings.dbt_target.glob("*/run_results.json")
    last = max(builds, key=lambda file: file.stat().st_mtime, default=None)
    if last is None or last.stat().st_mtime < since:
        return
    nodes = json.loads((settings.dbt_target / "manifest.json").read_text())["nodes"]
    for result in json.loads(last.read_text())["results"]:
        if result["status"] == status and result["unique_id"] in nodes:
            yield last.parent, result, nodes[result["unique_id"]]


def _broken_rule(
    settings: Settings,
    run_id: str,
    folder: Path,
    result: Mapping[str, Any],
    node: Mapping[str, Any],
) -> CheckResult:
    attached, rule = node.get("attached_node"), _rule(node)
    relation = (attached or next(iter(node["depends_on"]["nodes"]), "")).split(".")[-1]
    query = folder / "compiled" / node["package_name"] / node["original_file_path"]
    if attached:
        query = query / Path(node["path"]).name
    return CheckResult(
        run_id=run_id,
        gate="release",
        check_name=f"{relation}: {node['name'].replace('_', ' ')}",
        relation=relation,
        column_name=node.get("column_name"),
        expectation=node["name"],
        severity="error",
        status="failed",
        expected=rule,
        observed=f"{result['failures']:,} rows break it. {rule}".strip() + _one(settings, query),
        unexpected_rows=result["failures"],
        evaluated_rows=None,
        remedy=node["config"]["meta"].get("remedy")
        or (
            f"the query in {query} shows the rows, on {settings.working_database}. Correct the "
            "records or the policy that they come from, or take back the change of code that "
            "brought them, and run again."
        ),
        checked_at=datetime.now(UTC).replace(tzinfo=None),
    )


def _one(settings: Settings, query: Path) -> str:
    """One of the rows, in words: mostly it is the only one, and says what to look for. None where
    the database of this machine has not the tables, as when another engine builds."""
    try:
        with connect(settings, read_only=True) as connection:
            found = connection.execute(f"select * from ({query.read_text()}\n) limit 1")
            names = [column[0] for column in found.description or ()]
            row = found.fetchone()
    except (OSError, duckdb.Error):
        return ""
    values = zip(names, row or (), strict=False)
    words = ", ".join(f"{name} {value}" for name, value in values if value is not None)
    return f" One of them: {words[:MOST]}." if words else ""


def _rule(node: Mapping[str, Any]) -> str:
    """The rule as its author put it: the comment that a test of its own begins with."""
    words = []
    for line in node["raw_code"].splitlines():
        comment = COMMENT.fullmatch(line)
        if not comment:
            break
        words.append(comment[1])
    return " ".join(words) or str(node["description"])
