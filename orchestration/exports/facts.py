"""What an export is made of: the marts of a release with their columns, and what went wrong.

Only data and errors belong here; how each format writes them is in its own module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.database import quoted, rows_of

SCHEMA = "marts"
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
         "UBIGINT")  # fmt: skip
FRACTIONS = ("DOUBLE", "FLOAT", "DECIMAL")
TIMES = ("DATE", "TIME", "TIMESTAMP")
ABOUT = "select release_id, published_at, as_of, framework, score_hash from release.about"


class ExportError(RuntimeError):
    """Nothing was exported; the message says why, and what to do."""


@dataclass(frozen=True)
class Column:
    """`unit` where the manifest states one (currency)."""

    name: str
    type: str
    description: str
    unit: str = ""

    @property
    def is_number(self) -> bool:
        return self.type in WHOLE or self.type.startswith(FRACTIONS)

    @property
    def is_text(self) -> bool:
        """Text, and whatever else is written as text (lists)."""
        return not (self.is_number or self.type == "BOOLEAN" or self.type.startswith(TIMES))


@dataclass(frozen=True)
class Mart:
    """One table of a release. `key`: the columns that name a row; empty where none is known."""

    name: str
    description: str
    rows: int
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def relation(self) -> str:
        return f"{quoted(SCHEMA)}.{quoted(self.name)}"


def about(release: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Which release it is, by its own table."""
    return rows_of(release, ABOUT)[0]


def chosen_marts(
    release: duckdb.DuckDBPyConnection,
    names: Sequence[str] = (),
    manifest: Mapping[str, Any] | None = None,
) -> list[Mart]:
    """The marts of a release by name (default: all); keys and units as its manifest says."""
    stated = (manifest or {}).get("marts", {})
    described = {
        row["table_name"]: row["comment"] or ""
        for row in rows_of(
            release, "select * from duckdb_tables() where schema_name = ? order by all", [SCHEMA]
        )
    }
    if unknown := sorted(set(names) - set(described)):
        raise ExportError(
            f"The release has no mart {', '.join(unknown)}. It has {', '.join(sorted(described))}."
        )
    return [
        _mart(release, name, described[name], stated.get(name, {}))
        for name in sorted(described)
        if not names or name in names
    ]


def _mart(
    release: duckdb.DuckDBPyConnection, name: str, description: str, stated: Mapping[str, Any]
) -> Mart:
    units = {each["name"]: each.get("unit", "") for each in stated.get("columns", ())}
    columns = rows_of(
        release,
        "select column_name, data_type, comment from duckdb_columns() "
        "where schema_name = ? and table_name = ? order by column_index",
        [SCHEMA, name],
    )
    found = release.execute(f"select count(*) from {quoted(SCHEMA)}.{quoted(name)}").fetchone()
    return Mart(
        name,
        description,
        int(found[0]) if found else 0,
        tuple(
            Column(
                each["column_name"],
                each["data_type"],
                each["comment"] or "",
                units.get(each["column_name"], ""),
            )
            for each in columns
        ),
        tuple(stated.get("key", ())),
    )
