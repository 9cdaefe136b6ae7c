"""Writes rows, rejects and ledger of a file in one transaction: whole files or nothing.

Small files share a transaction, because thousands of commits would take longer than the files;
a large file has its own and is written block by block. What the rows hold is decided elsewhere.
"""

import duckdb
import pyarrow as pa

from orchestration.contracts import Contract
from orchestration.database import quoted
from orchestration.landing.archive import Archive
from orchestration.landing.arrivals import Arrival
from orchestration.landing.ledger import (
    FileOutcome,
    Ledger,
    insert_rows,
    insert_table,
    raw_table,
)
from orchestration.landing.problems import Reject

GROUP_ROWS = 200_000
GROUP_FILES = 250

Seen = tuple[Arrival, str, str]


class Writer:
    """Collects the files of a group and commits them; streams files that are too large."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, ledger: Ledger, archive: Archive
    ) -> None:
        self._connection = connection
        self._ledger = ledger
        self._archive = archive
        self._tables: dict[str, tuple[Contract, list[pa.Table]]] = {}
        self._rejects: list[tuple[object, ...]] = []
        self._outcomes: list[FileOutcome] = []
        self._seen: list[Seen] = []
        self._rows = 0
        self.committed: list[FileOutcome] = []

    def keep(self, contract: Contract, table: pa.Table) -> None:
        """Rows of a file that is written with its group."""
        self._tables.setdefault(contract.name, (contract, []))[1].append(table)
        self._rows += table.num_rows

    def reject(self, file_id: int, rejects: list[Reject]) -> None:
        """Rejected lines of a file that is written with its group."""
        self._rejects += [
            (file_id, each.line_number, each.reason, each.text, self._ledger.loaded_at)
            for each in rejects
        ]

    def finish(self, outcome: FileOutcome, seen: Seen) -> None:
        """The file is complete; commit the group if it is large enough."""
        self._outcomes.append(outcome)
        self._seen.append(seen)
        if self._rows >= GROUP_ROWS or len(self._outcomes) >= GROUP_FILES:
            self.flush()

    def remember(self, seen: Seen) -> None:
        """A file that is known already, under this name."""
        self._seen.append(seen)

    def begin(self) -> None:
        """Start the transaction of one large file, after what is waiting has been committed."""
        self.flush()
        self._connection.execute("begin")

    def spill(self) -> None:
        """Write the rows and rejects of a large file so far, inside its transaction."""
        self._write_rows()

    def commit(self, outcome: FileOutcome, seen: Seen) -> None:
        """Complete a large file."""
        self._outcomes.append(outcome)
        self._seen.append(seen)
        self._commit()

    def rollback(self) -> None:
        """Undo a large file: nothing of it stays."""
        self._forget()
        self._connection.execute("rollback")

    def flush(self) -> None:
        """Commit what is waiting."""
        if self._outcomes or self._seen:
            self._connection.execute("begin")
            try:
                self._commit()
            except BaseException:
                self.rollback()
                raise

    def _commit(self) -> None:
        self._archive.settle()
        self._write_rows()
        if self._outcomes:
            self._ledger.open_batch()
            self._ledger.record(self._outcomes)
        self._ledger.remember(self._seen)
        self._connection.execute("commit")
        self._ledger.batch_written |= bool(self._outcomes)
        self.committed += self._outcomes
        self._forget()

    def _write_rows(self) -> None:
        for contract, tables in self._tables.values():
            table = pa.concat_tables(tables)
            columns = ", ".join(quoted(name) for name in table.column_names)
            insert_table(self._connection, raw_table(contract), table, f"({columns})")
        insert_rows(self._connection, "landing.rejects", self._rejects)
        self._tables, self._rejects, self._rows = {}, [], 0

    def _forget(self) -> None:
        self._tables, self._rejects, self._rows = {}, [], 0
        self._outcomes, self._seen = [], []
