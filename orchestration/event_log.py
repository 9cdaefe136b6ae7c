"""Where Dagster keeps what happened in runs: its SQLite database, by connections that stay open."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import Any

import sqlalchemy
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.event_log.polling_event_watcher import SqlPollingEventWatcher

BUSY_SECONDS = 30


class EventLog(ConsolidatedSqliteEventLogStorage):
    """One database for all runs, each of which stores some four thousand events.

    Dagster's own class makes an engine and a connection for every event: statements are compiled
    anew, and closing the last connection empties SQLite's write-ahead log to disk. Kept open, an
    event costs a quarter of the processor time (docs/decisions/0075).
    """

    @cached_property
    def _engine(self) -> sqlalchemy.Engine:
        engine = sqlalchemy.create_engine(
            f"sqlite:///{self.get_db_path()}", connect_args={"timeout": BUSY_SECONDS}
        )

        @sqlalchemy.event.listens_for(engine, "connect")
        def _wait_for_no_disk(connection: Any, _record: Any) -> None:
            # A killed process loses nothing. A machine that loses power may lose its last events,
            # and never the database.
            connection.execute("pragma synchronous = normal")

        return engine

    @contextmanager
    def _transaction(self) -> Iterator[sqlalchemy.Connection]:
        with self._engine.begin() as connection:
            yield connection

    def run_connection(
        self, run_id: str | None = None
    ) -> AbstractContextManager[sqlalchemy.Connection]:
        """A transaction on the events of a run: there is one database for all of them."""
        return self._transaction()

    def index_connection(self) -> AbstractContextManager[sqlalchemy.Connection]:
        """A transaction on the events of all runs."""
        return self._transaction()

    # Pages that follow a run ask for new events: with the write-ahead log kept, the database's own
    # file, which Dagster's class looks at, does not change with each of them.
    @cached_property
    def _watcher(self) -> SqlPollingEventWatcher:
        return SqlPollingEventWatcher(self)

    def watch(self, run_id: str, cursor: str | None, callback: Callable[..., None]) -> None:
        """Call `callback` with every event of a run after `cursor`."""
        self._watcher.watch_run(run_id, cursor, callback)

    def end_watch(self, run_id: str, handler: Callable[..., None]) -> None:
        """Call it no longer."""
        self._watcher.unwatch_run(run_id, handler)

    def dispose(self) -> None:
        """Follow nothing any more, and close what is open."""
        self._watcher.close()
        self._engine.dispose()
