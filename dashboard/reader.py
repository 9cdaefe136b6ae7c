"""The one door to a release: hardened, read-only, the same release for all of one page.

A request of the browser is answered from the release that is served when it begins; the next one
looks at the pointer again, so a new release shows without a restart. Nothing is kept of answers.
"""

import threading
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from flask import g, has_request_context

from orchestration import publishing
from orchestration.settings import Settings


class Reader:
    """Answers questions to the current release. May be used from many threads.

    Instead of a warehouse it may be given a copy of a release, which is then all that there is.
    """

    def __init__(self, settings: Settings, copy: Path | None = None) -> None:
        self._settings = settings
        self._copy = copy
        self._lock = threading.Lock()
        self._release_id = ""
        self._connection: duckdb.DuckDBPyConnection | None = None

    def frame(self, sql: str, **parameters: Any) -> pd.DataFrame:
        """The rows of one question. A parameter that the question does not name is left out."""
        given = {name: value for name, value in parameters.items() if f"${name}" in sql}
        cursor = self._cursor()
        try:
            return cursor.execute(sql, given).df()
        finally:
            cursor.close()

    def has(self, mart: str) -> bool:
        """Whether the release holds a mart: an older one may not know a younger mart."""
        found = self.frame(
            "select 1 from information_schema.tables "
            "where table_schema = 'marts' and table_name = $mart",
            mart=mart,
        )
        return not found.empty

    def frame_if(self, mart: str, sql: str, **parameters: Any) -> pd.DataFrame:
        """The same of a mart that an older release may not hold: nothing, then."""
        return self.frame(sql, **parameters) if self.has(mart) else pd.DataFrame()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not has_request_context():
            return self._current().cursor()
        if "release" not in g:
            g.release = self._current()
        return g.release.cursor()

    def _current(self) -> duckdb.DuckDBPyConnection:
        """A connection to the served release. One that it replaces closes with its last cursor."""
        with self._lock:
            served = self._release_id if self._copy else publishing.current_id(self._settings)
            if self._connection is None or served != self._release_id:
                self._connection = self._open()
                about = self._connection.execute("select release_id from release.about")
                self._release_id = about.fetchall()[0][0]
            return self._connection

    def _open(self) -> duckdb.DuckDBPyConnection:
        if self._copy is None:
            return publishing.open_release(self._settings)
        limits = (self._settings.memory_limit, self._settings.threads)
        return publishing.connect_hardened(self._copy, *limits)
