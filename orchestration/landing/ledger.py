"""The ledger: tables of the working database that say what arrived and what became of it.

Creates the `landing` schema and the raw tables, and reads and writes their bookkeeping. The
columns of `batches`, `files` and `rejects` are stated in models/staging/pipeline/_pipeline.yml;
`seen` (unchanged files) and `erasures` (present digests of files that somebody was erased from) are
landing's own memory, and nobody else's business. Which file becomes what is decided elsewhere.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

from orchestration.contracts import Contract
from orchestration.database import connect, quoted
from orchestration.landing.arrivals import Arrival
from orchestration.settings import Settings

BOOKKEEPING = (
    ("_file_id", "INTEGER"),
    ("_row_number", "BIGINT"),
    ("_loaded_at", "TIMESTAMP"),
    ("_note", "VARCHAR"),
)
TABLES = """
create schema if not exists landing;
create table if not exists landing.batches (batch_id INTEGER, loaded_at TIMESTAMP);
create table if not exists landing.files (
    file_id INTEGER, batch_id INTEGER, source VARCHAR, entity VARCHAR, path VARCHAR,
    format VARCHAR, bytes BIGINT, sha256 VARCHAR, status VARCHAR, reason VARCHAR, remedy VARCHAR,
    physical_lines BIGINT, rows_landed BIGINT, lines_rejected BIGINT, header_lines BIGINT,
    blank_lines BIGINT, continuation_lines BIGINT, unknown_columns VARCHAR, loaded_at TIMESTAMP);
create table if not exists landing.rejects (
    file_id INTEGER, line_number BIGINT, reason VARCHAR, text VARCHAR, loaded_at TIMESTAMP);
create table if not exists landing.seen (
    path VARCHAR, size BIGINT, mtime_ns BIGINT, ctime_ns BIGINT, sha256 VARCHAR,
    source VARCHAR, entity VARCHAR, judged_by VARCHAR);
create table if not exists landing.erasures (
    file_id INTEGER, old_sha256 VARCHAR, old_bytes BIGINT, sha256 VARCHAR, bytes BIGINT,
    reason VARCHAR, erased_at TIMESTAMP, completed_at TIMESTAMP);
"""


UNRESOLVED = """
    status = 'quarantined'
    and not exists (
        from landing.files as later
        where later.path = files.path and later.status = 'landed' and later.file_id > files.file_id)
    and not exists (
        from landing.seen as seen
        join landing.files as landed using (source, entity, sha256)
        where seen.path = files.path and landed.status = 'landed')
    and not exists (
        from landing.files as moved
        where moved.sha256 = files.sha256 and moved.status = 'landed'
            and moved.file_id > files.file_id)
"""
"""Quarantined files that nothing has answered: neither another version under their path, nor the
same bytes under it that had landed before, nor the same bytes since where they belong."""


@dataclass(frozen=True)
class FileOutcome:
    """A row of `landing.files`: a file and what became of it."""

    file_id: int
    batch_id: int
    source: str
    entity: str
    path: str
    format: str | None
    bytes: int
    sha256: str
    status: str
    reason: str | None = None
    remedy: str | None = None
    physical_lines: int = 0
    rows_landed: int = 0
    lines_rejected: int = 0
    header_lines: int = 0
    blank_lines: int = 0
    continuation_lines: int = 0
    unknown_columns: str | None = None
    loaded_at: datetime = datetime.min

    @property
    def lines_lost(self) -> int:
        """Lines that nothing accounts for. Anything but 0 is a bug."""
        return self.physical_lines - (
            self.rows_landed
            + self.lines_rejected
            + self.header_lines
            + self.blank_lines
            + self.continuation_lines
        )


FILE_COLUMNS = ", ".join(field.name for field in fields(FileOutcome))


def create_tables(connection: duckdb.DuckDBPyConnection, contracts: dict[str, Contract]) -> None:
    """All tables of landing, also those of entities of which nothing ever arrived."""
    connection.execute(TABLES)
    found: dict[tuple[str, str], list[str]] = {}
    for schema, table, column in connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_schema like 'raw\\_%' escape '\\' order by ordinal_position"
    ).fetchall():
        found.setdefault((schema, table), []).append(column)
    for contract in contracts.values():
        create_raw_table(connection, contract, found.get((contract.schema, contract.entity)))


def raw_table(contract: Contract) -> str:
    """The quoted name of an entity's raw table."""
    return f"{quoted(contract.schema)}.{quoted(contract.entity)}"


def create_raw_table(
    connection: duckdb.DuckDBPyConnection, contract: Contract, existing: list[str] | None
) -> None:
    """The raw table, with the columns of the contract as it is now.

    When a contract changes the table is rebuilt; columns that it no longer names move to the end.
    """
    names = [column.name for column in contract.columns]
    types = dict.fromkeys(names, "VARCHAR") | dict(BOOKKEEPING)
    if existing and existing[: len(types)] == list(types):
        return
    types |= {name: "VARCHAR" for name in existing or () if name not in types}
    table, draft = raw_table(contract), f"{quoted(contract.schema)}.{quoted('_draft')}"
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in types.items())
    connection.execute(f"create schema if not exists {quoted(contract.schema)}")
    if not existing:
        connection.execute(f"create table {table} ({columns})")
        return
    kept = ", ".join(quoted(name) for name in existing)
    connection.execute("begin")
    connection.execute(f"create table {draft} ({columns})")
    connection.execute(f"insert into {draft} ({kept}) select {kept} from {table}")
    connection.execute(f"drop table {table}")
    connection.execute(f"alter table {draft} rename to {quoted(contract.entity)}")
    connection.execute("commit")


def files_where(
    connection: duckdb.DuckDBPyConnection, condition: str, values: list[object]
) -> list[FileOutcome]:
    """Rows of `landing.files`, in the order of their ids."""
    query = f"select {FILE_COLUMNS} from landing.files as files where {condition} order by file_id"
    return [FileOutcome(*row) for row in connection.execute(query, values).fetchall()]


def insert_rows(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Insert whole rows, all at once: row by row, thousands of files would take minutes."""
    if rows:
        insert_table(
            connection,
            table,
            pa.table({f"c{at}": list(values) for at, values in enumerate(zip(*rows, strict=True))}),
        )


def insert_table(
    connection: duckdb.DuckDBPyConnection, table: str, arrow_rows: pa.Table, columns: str = ""
) -> None:
    """Append an Arrow table to a table of the database.

    DuckDB finds `arrow_rows` by its Python name. A registered view would stay in memory, with its
    rows, until the transaction ends: a large file would be held whole.
    """
    connection.execute(f"insert into {table} {columns} select * from arrow_rows")


@contextmanager
def opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The working database, read-only; None where landing never ran."""
    if not settings.working_database.exists():
        yield None
        return
    with connect(settings, read_only=True) as connection:
        yield connection if has_ledger(connection) else None


def has_ledger(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether landing ever ran on this database."""
    query = "select 1 from information_schema.tables where table_schema = 'landing'"
    return connection.execute(query).fetchone() is not None


class Ledger:
    """What is known at the start of a run, and the numbers that it gives out."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, now: datetime) -> None:
        self._connection = connection
        self.seen: dict[str, tuple[tuple[int, int, int], str]] = {}
        self.judged: dict[tuple[str, str, str], set[str]] = {}
        for path, size, mtime, ctime, sha256, source, entity, judged_by in connection.execute(
            "select path, size, mtime_ns, ctime_ns, sha256, source, entity, judged_by "
            "from landing.seen"
        ).fetchall():
            self.seen[path] = ((size, mtime, ctime), sha256)
            self.judged.setdefault((source, entity, sha256), set()).add(judged_by)
        self.known: dict[tuple[str, str, str], tuple[str, int]] = {}
        for *key, status, file_id in connection.execute(
            "select source, entity, sha256, status, file_id from landing.files"
        ).fetchall():
            self.known[tuple(key)] = (status, file_id)
        self.erased = {old: new for old, (new, _) in present_digests(connection).items()}
        self._first_file = 1 + max((file_id for _, file_id in self.known.values()), default=0)
        self._next_file = self._first_file
        last = connection.execute(
            "select max(batch_id), max(loaded_at) from landing.batches"
        ).fetchone() or (None, None)
        self.batch_id = 1 + (last[0] or 0)
        self.loaded_at = max(now, last[1] + timedelta(microseconds=1)) if last[1] else now
        self.batch_written = False

    def new_file_id(self) -> int:
        """The next number of a file."""
        self._next_file += 1
        return self._next_file - 1

    def open_batch(self) -> None:
        """Write the batch with its first file, inside that file's transaction."""
        if not self.batch_written:
            self._connection.execute(
                "insert into landing.batches values (?, ?)", [self.batch_id, self.loaded_at]
            )

    def record(self, outcomes: list[FileOutcome]) -> None:
        """Write files into the ledger; one that had been quarantined before is replaced."""
        replaced = [each.file_id for each in outcomes if each.file_id < self._first_file]
        if replaced:
            self._connection.execute(
                "delete from landing.files where list_contains(?, file_id)", [replaced]
            )
        insert_rows(self._connection, "landing.files", [astuple(each) for each in outcomes])

    def remember(self, entries: list[tuple[Arrival, str, str]]) -> None:
        """Remember (file, sha256, judged_by), so that unchanged files are not read again."""
        if not entries:
            return
        rows = [
            (each.path, *each.state, sha256, each.source, each.entity, judged_by)
            for each, sha256, judged_by in entries
        ]
        self._connection.execute(
            "delete from landing.seen where list_contains(?, path)", [[row[0] for row in rows]]
        )
        insert_rows(self._connection, "landing.seen", rows)


def present_digests(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, int]]:
    """By each digest that an erasure has replaced: what these bytes are now, digest and size."""
    known = (
        "select 1 from duckdb_tables() where schema_name = 'landing' and table_name = 'erasures'"
    )
    if connection.execute(known).fetchone() is None:  # a warehouse from before there was any
        return {}
    later = {
        old: (sha256, size)
        for old, sha256, size in connection.execute(
            "select old_sha256, sha256, bytes from landing.erasures order by erased_at"
        ).fetchall()
    }
    present = {}
    for old, found in later.items():
        while found[0] in later:
            found = later[found[0]]
        present[old] = found
    return present


def dismissed(outcome: FileOutcome, reason: str) -> FileOutcome:
    """The outcome of a file without rows that an operator goes on without."""
    why = outcome.reason or "no rows"
    return replace(outcome, status="dismissed", reason=f"{why}; dismissed: {reason}")
