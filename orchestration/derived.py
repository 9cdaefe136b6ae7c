"""Tables that Python works out from the built models: schema `derived` of the working database.

For results that SQL is no language for. A table is declared in
`models/staging/pipeline/_derived.yml` (columns, types, descriptions, key) and shown to readers by a
mart that is a view of it, with contract and tests like every other. What is worked out, and when,
is in `derivations`. Stages may import this.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from orchestration.database import quoted
from orchestration.settings import PROJECT_DIR

DECLARED = Path("models") / "staging" / "pipeline" / "_derived.yml"
SCHEMA = "derived"
TYPES = {"string": "varchar"}


class DerivedError(ValueError):
    """Rows do not fit the declaration of their table; the message names table and column."""


@dataclass(frozen=True)
class Table:
    """A declared table; `columns` are names and DuckDB types, `key` is unique and never empty."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]


@cache
def tables(project: Path = PROJECT_DIR) -> dict[str, Table]:
    """Every declared table by name."""
    document = yaml.safe_load((project / DECLARED).read_text(encoding="utf-8"))
    found = {}
    for source in document["sources"]:
        for each in source["tables"]:
            columns = {
                c["name"]: TYPES.get(c["data_type"], c["data_type"]) for c in each["columns"]
            }
            key = tuple(each["config"]["meta"]["derived"]["key"])
            found[each["name"]] = Table(each["name"], columns, key)
    return found


def ensure_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that are absent or have other columns than declared; empty, for they are
    only what can be worked out again."""
    connection.execute(f"create schema if not exists {SCHEMA}")
    for table in tables().values():
        there = connection.execute(
            "select column_name from duckdb_columns() where database_name = current_database() "
            "and schema_name = ? and table_name = ? order by column_index",
            [SCHEMA, table.name],
        ).fetchall()
        if [name for (name,) in there] != list(table.columns):
            _create(connection, table, table.name)


def write(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Mapping[str, Any]]
) -> int:
    """Replace the rows of a table, all or none of them; gives their number. Raises DerivedError."""
    table = tables()[name]
    given = list(rows)
    for row in given[:1]:
        if set(row) != set(table.columns):
            wrong = ", ".join(sorted(set(row) ^ set(table.columns)))
            raise DerivedError(f"{SCHEMA}.{name}: columns differ from {DECLARED}: {wrong}")
    draft = f"_{name}"
    connection.execute(f"create schema if not exists {SCHEMA}")
    connection.execute("begin")
    try:
        _create(connection, table, draft)
        if given:
            # DuckDB finds it by its Python name.
            arrow_rows = pa.table({each: [row[each] for row in given] for each in table.columns})
            assert arrow_rows.num_rows == len(given)
            listed = ", ".join(map(quoted, table.columns))
            connection.execute(
                f"insert into {SCHEMA}.{quoted(draft)} ({listed}) select {listed} from arrow_rows"
            )
        _check_key(connection, table, draft)
        connection.execute(f"drop table if exists {SCHEMA}.{quoted(name)}")
        connection.execute(f"alter table {SCHEMA}.{quoted(draft)} rename to {quoted(name)}")
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return len(given)


def _create(connection: duckdb.DuckDBPyConnection, table: Table, name: str) -> None:
    columns = ", ".join(f"{quoted(each)} {kind}" for each, kind in table.columns.items())
    connection.execute(f"create or replace table {SCHEMA}.{quoted(name)} ({columns})")


def _check_key(connection: duckdb.DuckDBPyConnection, table: Table, draft: str) -> None:
    key = ", ".join(map(quoted, table.key))
    empty = " or ".join(f"{quoted(each)} is null" for each in table.key)
    found = connection.execute(
        f"select {key} from {SCHEMA}.{quoted(draft)} group by {key} having count(*) > 1 or {empty}"
    ).fetchone()
    if found:
        named = ", ".join(map(str, found))
        raise DerivedError(f"{SCHEMA}.{table.name}: {', '.join(table.key)} is no key: {named}")
