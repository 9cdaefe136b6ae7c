"""The landing contract, read from the dbt source YAML under `models/staging/` and nowhere else.

A contract says, per entity, which columns arrive, their types, keys, owner, freshness and which of
them hold personal data. Landing, quality suites and the sample programme use it through this
module; staging macros read the same YAML through dbt's graph. No file of a landing folder is
opened here.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import PROJECT_DIR

TYPES = ("string", "timestamp", "date", "integer", "boolean")  # and decimal(p,s)
COLUMN_META = {
    "required", "not_null", "values", "pattern", "minimum", "maximum", "may_be_future",
    "personal_data",
}  # fmt: skip
CONTRACT_META = {
    "key", "event_time", "version", "withdrawn_by", "required", "interval", "encoding", "delimiter",
    "timezone", "decimal_separator", "thousands_separator", "tolerated_share", "volume",
    "review_due",
}  # fmt: skip


class ContractError(ValueError):
    """A contract file says something that cannot be meant; names file, entity and remedy."""


@dataclass(frozen=True)
class Column:
    """One column of an entity. `required`: the file must have it; `not_null`: so must each row."""

    name: str
    data_type: str
    description: str
    required: bool = True
    not_null: bool = False
    values: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    may_be_future: bool = False
    personal_data: str | None = None


@dataclass(frozen=True)
class Contract:
    """What one entity of one source looks like when it arrives."""

    source: str
    entity: str
    description: str
    owner: str
    key: tuple[str, ...]
    event_time: str
    columns: tuple[Column, ...]
    version: str | None = None
    withdrawn_by: str | None = None
    required: bool = False
    interval: str = "daily"
    encoding: str = "utf-8"
    delimiter: str = ","
    timezone: str | None = None
    decimal_separator: str = "."
    thousands_separator: str | None = None
    tolerated_share: float = 0.05
    volume: dict[str, float] = field(default_factory=lambda: {"least": 0.2, "most": 5.0})
    warn_after_days: int | None = None
    error_after_days: int | None = None
    review_due: str = ""

    @property
    def name(self) -> str:
        return f"{self.source}.{self.entity}"

    @property
    def schema(self) -> str:
        return f"raw_{self.source}"

    @property
    def table(self) -> str:
        """`schema.table` of the raw rows in the working database."""
        return f"{self.schema}.{self.entity}"

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def load_contracts(models_dir: Path = PROJECT_DIR / "models") -> dict[str, Contract]:
    """All contracts by `source.entity`, in the order of files and tables.

    Raises ContractError naming file, entity and remedy.
    """
    return dict(_load(models_dir))


@cache
def _load(models_dir: Path) -> tuple[tuple[str, Contract], ...]:
    found = []
    for path in sorted((models_dir / "staging").glob("*/_*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for source in document.get("sources", []):
            for table in source["tables"]:
                if "contract" in _meta(table):
                    contract = _contract(path, source, table)
                    found.append((contract.name, contract))
    if not found:
        raise ContractError(f"{models_dir}/staging: no entity with a landing contract was found")
    return tuple(found)


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    return (node.get("config") or {}).get("meta") or {}


def _contract(path: Path, source: dict[str, Any], table: dict[str, Any]) -> Contract:
    where = f"{path}: {source['name']}.{table['name']}"
    meta = dict(_meta(table)["contract"])
    _refuse_unknown(where, meta, CONTRACT_META)
    columns = tuple(_column(where, column) for column in table.get("columns", []))
    names = [column.name for column in columns]
    named = [meta.get(each) for each in ("event_time", "version", "withdrawn_by")]
    for name in [*meta.get("key", []), *named]:
        if name is not None and name not in names:
            raise ContractError(f"{where}: the contract names {name!r}, which is no column of it")
    if withdrawn_by := meta.get("withdrawn_by"):
        data_type = columns[names.index(withdrawn_by)].data_type
        if data_type != "timestamp":
            raise ContractError(
                f"{where}: {withdrawn_by!r} says when a record was withdrawn and must be a "
                f"timestamp, not {data_type!r}"
            )
    if not meta.get("key") or not meta.get("event_time"):
        raise ContractError(f"{where}: the contract needs `key` and `event_time`")
    freshness = (table.get("config") or {}).get("freshness") or {}
    return Contract(
        source=source["name"],
        entity=table["name"],
        description=" ".join(table.get("description", "").split()),
        owner=_meta(table).get("owner") or _meta(source).get("owner") or "",
        columns=columns,
        warn_after_days=_days(where, freshness.get("warn_after")),
        error_after_days=_days(where, freshness.get("error_after")),
        **{**meta, "key": tuple(meta["key"])},
    )


def _column(where: str, column: dict[str, Any]) -> Column:
    meta = dict(_meta(column))
    where = f"{where}.{column['name']}"
    _refuse_unknown(where, meta, COLUMN_META)
    data_type = column.get("data_type", "")
    if data_type not in TYPES and not data_type.startswith("decimal("):
        raise ContractError(
            f"{where}: data_type {data_type!r} is not one of {TYPES} or decimal(p,s)"
        )
    meta["values"] = tuple(str(value) for value in meta.get("values", ()))
    description = " ".join(column.get("description", "").split())
    return Column(column["name"], data_type, description, **meta)


def _days(where: str, bound: dict[str, Any] | None) -> int | None:
    if bound is None:
        return None
    if bound.get("period") != "day":
        raise ContractError(f"{where}: state freshness in days, not {bound.get('period')!r}")
    return int(bound["count"])


def _refuse_unknown(where: str, meta: dict[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(meta) - known):
        raise ContractError(f"{where}: unknown key {unknown[0]!r}; known keys: {sorted(known)}")
