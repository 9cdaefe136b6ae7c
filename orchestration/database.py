"""Connections to the working database: bounded memory, bounded spill, UTC, closed after use.

DuckDB allows one writing process and locks the file while it is open, so every step opens,
works and closes. Readers of a release do not come here.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from orchestration.settings import Settings


@contextmanager
def connect(settings: Settings, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the working database with the limits of `settings` and close it at the end."""
    settings.temp.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        str(settings.working_database),
        read_only=read_only,
        config={
            "memory_limit": settings.memory_limit,
            "threads": settings.threads,
            "temp_directory": str(settings.temp),
            "max_temp_directory_size": settings.temp_limit,
        },
    )
    try:
        if not read_only:
            # Rejected lines keep their text, which may name people.
            settings.working_database.chmod(0o600)
        connection.execute("set timezone = 'UTC'")
        yield connection
    finally:
        connection.close()


def quoted(identifier: str) -> str:
    """An identifier, quoted so that no character in it can end it."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: object) -> str:
    """A text (or path) as a SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def rows_of(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    given: Sequence[object] | Mapping[str, object] = (),
) -> list[dict[str, Any]]:
    """The answer to a query, a mapping per row."""
    result = connection.execute(sql, given)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
