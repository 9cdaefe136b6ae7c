"""Who owns each thing that is registered, and by when somebody looks at it again.

Everything is read from the project's files; the day to judge by is given, for nothing here reads a
clock. What a missing owner or a passed day means for CI or a run is decided by the callers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from orchestration.contracts import load_contracts
from orchestration.governance import policy
from orchestration.settings import PROJECT_DIR

WARN_DAYS = 30
METRICS = "models/metrics/_metrics.yml"


@dataclass(frozen=True)
class Item:
    """Something registered. `due` is the day of its review as it is written; `needs_review` is
    False where another item's review covers it. `where` names file and line or key."""

    kind: str
    name: str
    owner: str
    due: str
    where: str
    needs_review: bool = True


@dataclass(frozen=True)
class Finding:
    """What is wrong with an item, or soon will be, and what to do."""

    item: Item
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.item.where}: {self.item.kind} {self.item.name}: {self.what}. {self.remedy}"


def items(project: Path = PROJECT_DIR) -> list[Item]:
    """Every metric, source, version, policy table and row, mart and team."""
    return [*_metrics(project), *_sources(project), *_policy(project), *_marts(project)]


def judge(on: date, project: Path = PROJECT_DIR) -> tuple[list[Finding], list[Finding]]:
    """What is blank or expired on a day, and what will be within 30 days."""
    found = items(project)
    teams = {each.name: each for each in found if each.kind == "team"}
    wrong: list[Finding] = []
    soon: list[Finding] = []
    for item in found:
        wrong += _owner(item, teams)
        if item.needs_review:
            for bucket, finding in _review(item, on):
                (wrong if bucket == "wrong" else soon).append(finding)
    return wrong, sorted(soon, key=lambda each: each.item.due)


def _owner(item: Item, teams: dict[str, Item]) -> Iterator[Finding]:
    if not item.owner.strip():
        yield Finding(item, "it has no owner", "Name a team of seeds/policy/teams.csv there.")
    elif item.owner not in teams:
        yield Finding(
            item,
            f"its owner {item.owner} is no team",
            "Name a team of seeds/policy/teams.csv, or add the team there.",
        )


def _review(item: Item, on: date) -> Iterator[tuple[str, Finding]]:
    is_team = item.kind == "team"
    what = "its answers_until" if is_team else "its review_due"
    again = (
        f"Ask the team whether it still answers, and set the day anew in {item.where}, or give "
        "what it owns to another team."
        if is_team
        else f"Let {item.owner or 'its owner'} look at it, then set the day anew in {item.where}."
    )
    try:
        due = date.fromisoformat(item.due)
    except ValueError:
        said = f"{what} {item.due!r} is no day" if item.due else f"{what} is blank"
        yield "wrong", Finding(item, said, f"State a day (YYYY-MM-DD) in {item.where}.")
        return
    if due < on:
        yield "wrong", Finding(item, f"{what} {due} has passed", again)
    elif due <= on + timedelta(days=WARN_DAYS):
        yield "soon", Finding(item, f"{what} {due} is in {(due - on).days} days", again)


# --- what is registered


def _metrics(project: Path) -> Iterator[Item]:
    for model in policy.read_yaml(project / METRICS)["models"]:
        for column in model.get("columns", []):
            meta = column.get("config", {}).get("meta", {}).get("metric")
            if meta:
                yield Item(
                    "metric", column["name"], _text(meta, "owner"), _text(meta, "review_due"),
                    f"{METRICS} ({column['name']}, meta.metric)",
                )  # fmt: skip


def _sources(project: Path) -> Iterator[Item]:
    for each in load_contracts(project / "models").values():
        where = f"models/staging/{each.source}/_{each.source}.yml ({each.entity}, meta.contract)"
        yield Item("source", each.name, each.owner, str(each.review_due or ""), where)


def _policy(project: Path) -> Iterator[Item]:
    for table in policy.tables(project).values():
        shared = table.meta.get("sealed") not in ("by_version", "as_a_log")
        yield Item(
            "policy table", table.name, _text(table.meta, "owner"), _text(table.meta, "review_due"),
            f"{policy.DESCRIPTION} ({table.name}, config.meta)", needs_review=shared,
        )  # fmt: skip
        for line, row in enumerate(table.rows, start=2):
            where = f"{table.path}, line {line}"
            if table.name == "teams":
                yield Item("team", row["team"], row["owner"], row["answers_until"], where)
            elif table.name == "framework_versions":
                yield Item(
                    "framework version", row["framework_version"], row["owner"],
                    row["review_due"], where, needs_review=row["status"] != "withdrawn",
                )  # fmt: skip
            else:
                key = f"{table.name} ({table.key_of(row)})"
                yield Item("policy row", key, row.get("owner", ""), "", where, needs_review=False)


def _marts(project: Path) -> Iterator[Item]:
    for path in sorted((project / "models" / "marts").glob("*/_*.yml")):
        for model in policy.read_yaml(path).get("models", []):
            owner = _text(model.get("config", {}).get("meta", {}), "owner")
            where = f"{path.relative_to(project)} ({model['name']}, config.meta)"
            yield Item("mart", model["name"], owner, "", where, needs_review=False)


def _text(meta: Any, key: str) -> str:
    return str(meta.get(key) or "")
