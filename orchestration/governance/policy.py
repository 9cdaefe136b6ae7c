"""Policy tables as files: their rows, keys and what `_policy.yml` says about each.

Reads `seeds/policy/` and nothing else. What may change, and who must look again, is decided in
`seals` and `reviews`.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import PROJECT_DIR

FOLDER = Path("seeds") / "policy"
DESCRIPTION = FOLDER / "_policy.yml"
Row = dict[str, str]


@dataclass(frozen=True)
class Table:
    """One policy table: `rows` as in its file, `meta` as `_policy.yml` states it."""

    name: str
    key: tuple[str, ...]
    meta: Mapping[str, Any]
    rows: tuple[Row, ...] = field(repr=False)

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.csv"

    def key_of(self, row: Row) -> str:
        """How a row is named to people."""
        return ", ".join(row[column] for column in self.key)

    def keyed(self) -> dict[str, Row]:
        """Rows by their key; a second one of a key is not lost."""
        found: dict[str, Row] = {}
        for row in self.rows:
            key = self.key_of(row)
            while key in found:
                key += " (again)"
            found[key] = row
        return found


def tables(project: Path = PROJECT_DIR) -> dict[str, Table]:
    """Every policy table by name, in the order of their names."""
    document = read_yaml(project / DESCRIPTION)
    stated = {each["name"]: each for each in document["seeds"]}
    found = {}
    for path in sorted((project / FOLDER).glob("*.csv")):
        about = stated.get(path.stem, {})
        meta = about.get("config", {}).get("meta", {})
        found[path.stem] = Table(path.stem, _key(about), meta, tuple(_rows(path)))
    return found


def lineage(versions: Sequence[Row], version: str) -> list[str]:
    """The framework versions whose rows `version` may use, the oldest first and itself last."""
    based_on = next(row["based_on"] for row in versions if row["framework_version"] == version)
    return [*(lineage(versions, based_on) if based_on else []), version]


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file, by the fast reader where there is one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or {}


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _key(about: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that dbt tests to be unique."""
    for test in about.get("data_tests", []):
        if "unique_combination" in test:
            return tuple(test["unique_combination"]["arguments"]["columns"])
    columns = about.get("columns", [])
    unique = [column["name"] for column in columns if "unique" in column.get("data_tests", [])]
    return tuple(unique[:1] or [column["name"] for column in columns])
