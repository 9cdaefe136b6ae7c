"""How readers open a release: read-only, and so that their SQL reaches nothing else.

The settings here are those that `docs/releases.md` hands to BI tools. Readers never open the
working database.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from orchestration.publishing import pointer
from orchestration.publishing.facts import PublishError
from orchestration.settings import Settings

HARDENING = {
    "enable_external_access": "false",  # no files, COPY, ATTACH, LOAD, network
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",  # a variable of the program is no table
    "temp_directory": "",  # a reader spills nothing to disk
}
ATTEMPTS = 5
_OPENING = threading.Lock()


def open_release(settings: Settings, release_id: str | None = None) -> duckdb.DuckDBPyConnection:
    """A hardened, read-only connection to one release (default: the current one), to be closed
    by the caller. Its path is the versioned one, so it stays on its release."""
    for attempt in range(ATTEMPTS):
        release = pointer.find(settings, release_id)
        try:
            return connect_hardened(str(release.database), settings.memory_limit, settings.threads)
        except duckdb.IOException:
            # Pruned between finding and opening; the pointer has moved on since.
            if release_id is not None or release.database.exists() or attempt == ATTEMPTS - 1:
                raise
    raise pointer.nothing_published(settings)


def connect_hardened(
    path: str | os.PathLike[str], memory_limit: str = "2GB", threads: int = 2
) -> duckdb.DuckDBPyConnection:
    """Open any release file as `open_release` does."""
    config: dict[str, Any] = {**HARDENING, "memory_limit": memory_limit, "threads": threads}
    # Connections of one process to one file share their settings, which can be locked only once.
    with _OPENING:
        connection = duckdb.connect(str(path), read_only=True, config=config)
        try:
            locked = connection.execute("select current_setting('lock_configuration')").fetchone()
            if locked != (True,):
                connection.execute("set global timezone = 'UTC'")
                connection.execute("set global lock_configuration = true")
        except BaseException:
            connection.close()
            raise
    return connection


def query(
    settings: Settings,
    sql: str,
    params: Sequence[Any] | Mapping[str, Any] | None = None,
    release_id: str | None = None,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of one SELECT over a release; raises PublishError for anything else."""
    connection = open_release(settings, release_id)
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise PublishError("Give one SELECT statement; a release is only read.")
        connection.execute("use marts")  # for `show tables`, and names without their schema
        result = connection.execute(sql, params)
        return [column[0] for column in result.description or []], result.fetchall()
    finally:
        connection.close()
