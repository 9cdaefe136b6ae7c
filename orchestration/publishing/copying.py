"""From the working database to the files of a release: the marts as tables, and as Parquet.

Copies and compares relations. Whether the result may be seen, and when, is not decided here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import literal, quoted
from orchestration.publishing.facts import (
    DATABASE_FILE,
    PARQUET_FOLDER,
    SCHEMA,
    DamagedRelease,
    PublishError,
)
from orchestration.publishing.scores import RELATION, mart_hash, score_hash
from orchestration.settings import Settings

LEADING_COLUMNS = 3  # sort order of a mart whose key is not given
ABOUT = "about"


@dataclass(frozen=True)
class Mart:
    """What was copied: `checksum` is over every value and holds within one DuckDB version, `hash`
    holds in all of them and is for the manifest."""

    name: str
    rows: int
    columns: tuple[tuple[str, str, str | None], ...]  # name, type, description
    checksum: int
    hash: str


@dataclass(frozen=True)
class Content:
    """What the database file of a release holds."""

    marts: Mapping[str, Mart]
    scores: str  # the score hash
    partners: int


def write_database(
    settings: Settings,
    folder: Path,
    keys: Mapping[str, Sequence[str]],
    about: Callable[[str], Mapping[str, Any]],
) -> Content:
    """Copy every relation of schema `marts` of the working database into a new file.

    `about`, given the score hash, becomes the one row of `release.about`, so that a dashboard
    that sees only tables can say which release it shows.
    """
    target = folder / DATABASE_FILE
    # The name that dbt gave the database: views name it in their SQL.
    source = settings.working_database.stem
    connection = duckdb.connect(str(target), config=_limits(settings))
    try:
        connection.execute("set timezone = 'UTC'")
        path = literal(settings.working_database)
        connection.execute(f"attach {path} as {quoted(source)} (read_only)")
        connection.execute(f"create schema {quoted(SCHEMA)}")
        marts = {
            name: _copy(connection, source, name, is_view, keys.get(name))
            for name, is_view in _relations(connection, source)
        }
        if RELATION not in marts or not marts[RELATION].rows:
            raise PublishError(
                f"{SCHEMA}.{RELATION} is absent or empty, so there is nothing to publish: no "
                "partner that is known has been under contract for a week by the scored day. See "
                "contract_signed_at in crm.partners, and staging.quarantined_records for rows of "
                "it that were put aside; or score another day (--as-of)."
            )
        scores = score_hash(connection, database=source)
        found = connection.execute(
            f"select count(distinct partner_id) from {quoted(SCHEMA)}.{RELATION}"
        ).fetchone()
        assert found is not None
        _write_about(connection, {**about(scores), "score_hash": scores, "partners": found[0]})
        connection.execute(f"detach {quoted(source)}")
        connection.execute("checkpoint")
    finally:
        connection.close()
    if target.with_name(target.name + ".wal").exists():
        raise DamagedRelease(f"{DATABASE_FILE} kept a write-ahead log, so it is not whole.")
    return Content(marts, scores, int(found[0]))


def write_parquet(settings: Settings, folder: Path, marts: Mapping[str, Mart]) -> None:
    """Export each mart from the file of the release, which so is read back once, whole."""
    (folder / PARQUET_FOLDER).mkdir()
    connection = duckdb.connect(
        str(folder / DATABASE_FILE), read_only=True, config=_limits(settings)
    )
    try:
        for name in marts:
            target = literal(folder / PARQUET_FOLDER / f"{name}.parquet")
            connection.execute(
                f"copy (from {quoted(SCHEMA)}.{quoted(name)}) to {target} "
                "(format parquet, compression zstd)"
            )
    finally:
        connection.close()


def verify_content(settings: Settings, folder: Path, content: Content) -> None:
    """Raise DamagedRelease unless the files, read again, hold what was in the working database."""
    try:
        connection = duckdb.connect(
            str(folder / DATABASE_FILE), read_only=True, config=_limits(settings)
        )
        try:
            _compare(connection, folder, content)
        finally:
            connection.close()
    except duckdb.Error as error:
        raise DamagedRelease(f"a file of the release cannot be read back: {error}") from error


def _compare(connection: duckdb.DuckDBPyConnection, folder: Path, content: Content) -> None:
    for mart in content.marts.values():
        columns = [column for column, _, _ in mart.columns]
        path = literal(folder / PARQUET_FOLDER / f"{mart.name}.parquet")
        kept = connection.execute(f"describe from read_parquet({path})").fetchall()
        # Parquet knows fewer types, so its values are compared as those of the mart.
        casts = ", ".join(
            f"try_cast({quoted(column)} as {kind}) as {quoted(column)}"
            for column, kind, _ in mart.columns
        )
        found = {
            DATABASE_FILE: _checksum(connection, f"{quoted(SCHEMA)}.{quoted(mart.name)}", columns),
            f"{mart.name}.parquet": _checksum(
                connection, f"(select {casts} from read_parquet({path}))", columns
            )
            if [row[0] for row in kept] == columns
            else (0, 0),
        }
        for where, values in found.items():
            if values != (mart.rows, mart.checksum):
                raise DamagedRelease(
                    f"{where}: {SCHEMA}.{mart.name} has {values[0]} row(s) and other values than "
                    f"the {mart.rows} of the working database. Publish again; if it stays so, a "
                    "column has a type that the format does not keep: cast it in the mart."
                )
    if (found_scores := score_hash(connection)) != content.scores:
        raise DamagedRelease(
            f"{DATABASE_FILE}: score hash {found_scores}, expected {content.scores}."
        )


def _relations(connection: duckdb.DuckDBPyConnection, source: str) -> list[tuple[str, bool]]:
    """Name and whether it is a view, of each relation of schema `marts`."""
    return connection.execute(
        "select table_name, false from duckdb_tables() "
        "where database_name = $1 and schema_name = $2 union all "
        "select view_name, true from duckdb_views() "
        "where database_name = $1 and schema_name = $2 and not internal order by 1",
        [source, SCHEMA],
    ).fetchall()


def _copy(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    name: str,
    is_view: bool,
    key: Sequence[str] | None,
) -> Mart:
    if not name.replace("_", "").isalnum() or not name.isascii():
        raise PublishError(f"{SCHEMA}.{name}: a mart is named in letters, digits and underscores.")
    origin = f"{quoted(source)}.{quoted(SCHEMA)}.{quoted(name)}"
    target = f"{quoted(SCHEMA)}.{quoted(name)}"
    columns = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() where database_name = ? "
        "and schema_name = ? and table_name = ? order by column_index",
        [source, SCHEMA, name],
    ).fetchall()
    names = [column for column, _, _ in columns]
    if unknown := set(key or ()) - set(names):
        raise PublishError(f"{SCHEMA}.{name} has no column {sorted(unknown)[0]!r} to sort by.")
    order = ", ".join(f"{quoted(c)} nulls first" for c in (key or names[:LEADING_COLUMNS]))
    connection.execute(f"create table {target} as from {origin} order by {order}")
    _comment(connection, source, name, is_view, columns)
    # A view that sums doubles may give other last bits each time it is asked, so its values are
    # those that were copied; a table's are compared with the table.
    rows, checksum = _checksum(connection, target if is_view else origin, names)
    (there,) = connection.execute(f"select count(*) from {origin}").fetchone() or (None,)
    if there != rows:
        raise DamagedRelease(f"{SCHEMA}.{name}: {rows} row(s) copied, {there} expected.")
    return Mart(name, rows, tuple(columns), checksum, mart_hash(connection, name))


def _comment(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    name: str,
    is_view: bool,
    columns: Sequence[tuple[str, str, str | None]],
) -> None:
    listing = "duckdb_views()" if is_view else "duckdb_tables()"
    column = "view_name" if is_view else "table_name"
    found = connection.execute(
        f"select comment from {listing} where database_name = ? and schema_name = ? "
        f"and {column} = ?",
        [source, SCHEMA, name],
    ).fetchone()
    target = f"{quoted(SCHEMA)}.{quoted(name)}"
    if found and found[0]:
        connection.execute(f"comment on table {target} is {literal(found[0])}")
    for column_name, _, comment in columns:
        if comment:
            connection.execute(
                f"comment on column {target}.{quoted(column_name)} is {literal(comment)}"
            )


def _checksum(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str]
) -> tuple[int, int]:
    """Rows, and a sum over a hash of every row, which does not depend on their order."""
    values = ", ".join(quoted(column) for column in columns)
    found = connection.execute(
        f"select count(*), coalesce(sum(hash({values})), 0) from {relation} as relation"
    ).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


def _write_about(connection: duckdb.DuckDBPyConnection, about: Mapping[str, Any]) -> None:
    connection.execute("create schema release")
    columns = ", ".join(f"? as {quoted(name)}" for name in about)
    connection.execute(f"create table release.{ABOUT} as select {columns}", list(about.values()))
    connection.execute(
        f"comment on table release.{ABOUT} is 'Which release this file is. One row.'"
    )


def _limits(settings: Settings) -> dict[str, str | bool | int | float | list[str]]:
    settings.temp.mkdir(parents=True, exist_ok=True)
    return {
        "memory_limit": settings.memory_limit,
        "threads": settings.threads,
        "temp_directory": str(settings.temp),
        "max_temp_directory_size": settings.temp_limit,
    }
