"""From the raw tables to the lake: one file per entity and batch, in the folder of its day.

    <lake>/raw_crm/deals/loaded_on=2026-06-29/batch-000012-20260629T041500.parquet

A batch never changes once it has landed, so a day's arrival writes the files of that day and reads
no other. The ledger and the results of the gates, which are small and do change, are written anew.
Rejected lines stay out: their text may name people, and no model reads it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from orchestration import derived
from orchestration.contracts import Contract, load_contracts
from orchestration.database import connect, quoted
from orchestration.settings import Settings

SNAPSHOTS = ("landing.batches", "landing.files", "quality.check_results")
BATCHES = "select batch_id, loaded_at from landing.batches order by batch_id"
ROWS_AT_A_TIME = 200_000


class LakeError(RuntimeError):
    """The lake cannot be brought up to date; the message says why and what to do."""


@dataclass(frozen=True)
class LakeReport:
    """What a call wrote. `files_kept` were there already."""

    files_written: int
    files_kept: int
    rows_written: int


def write(settings: Settings, url: str | None = None) -> LakeReport:
    """Write what has landed and is not in the lake yet (default: the lake of the settings).

    Raises LakeError.
    """
    filesystem, root = open_lake(url or settings.lake)
    wanted = load_contracts().values()
    with connect(settings, read_only=True) as connection:
        batches = connection.execute(BATCHES).fetchall()
        lake = _Lake(connection, filesystem, root)
        for contract in wanted:
            lake.bring_up_to_date(contract, batches)
        for table in (*SNAPSHOTS, *(f"derived.{name}" for name in derived.tables())):
            lake.write_anew(table)
    return LakeReport(lake.written, lake.kept, lake.rows)


def follow(
    settings: Settings, changed: Iterable[tuple[str, datetime]], url: str | None = None
) -> LakeReport | None:
    """Write batches of a lake again whose rows were corrected; None where there is no lake.

    `changed` has raw tables (`schema.table`) and load times. Raises LakeError.
    """
    filesystem, root = open_lake(url or settings.lake)
    if filesystem.get_file_info(root).type == fs.FileType.NotFound:
        return None
    with connect(settings, read_only=True) as connection:
        numbers = {at: number for number, at in connection.execute(BATCHES).fetchall()}
    for table, loaded_at in changed:
        path = f"{root}/{table.replace('.', '/')}/{_file_of(numbers[loaded_at], loaded_at)}"
        if filesystem.get_file_info(path).type == fs.FileType.File:
            filesystem.delete_file(path)
    return write(settings, url)


def open_lake(url: str) -> tuple[fs.FileSystem, str]:
    """The file system and path of a lake: a folder, or a URL that Arrow knows (s3://, gs://)."""
    if "://" in url:
        filesystem, root = fs.FileSystem.from_uri(url)
        return filesystem, root.rstrip("/")
    return fs.LocalFileSystem(), url.rstrip("/")


class _Lake:
    def __init__(
        self, connection: duckdb.DuckDBPyConnection, filesystem: fs.FileSystem, root: str
    ) -> None:
        self._connection = connection
        self._files = filesystem
        self._root = root
        self.written = self.kept = self.rows = 0

    def bring_up_to_date(self, contract: Contract, batches: list[tuple[int, datetime]]) -> None:
        """Write the batches of an entity that are not there yet."""
        folder = f"{self._root}/{contract.schema}/{contract.entity}"
        expected = {_file_of(number, at): (number, at) for number, at in batches}
        there = self._there(folder)
        if strange := sorted(there - set(expected)):
            raise LakeError(
                f"{folder}/{strange[0]} is of no batch of this warehouse. Each warehouse has a "
                "lake of its own: name another folder, or remove what is in this one."
            )
        self.kept += len(there)
        filled = {row[0] for row in self._ask(f"select distinct _loaded_at from {contract.table}")}
        for name, (_, loaded_at) in expected.items():
            if name not in there and loaded_at in filled:
                query = (
                    f"select {self._columns(contract)} from {contract.table} "
                    "where _loaded_at = ? order by _file_id, _row_number"
                )
                self._write(f"{folder}/{name}", query, [loaded_at])
        # An entity of which nothing has landed is an empty folder, not an error.
        self._files.create_dir(folder, recursive=True)

    def write_anew(self, table: str) -> None:
        """Replace the one file of a small table."""
        schema, name = table.split(".")
        found = self._ask(
            "select column_name from duckdb_columns() where schema_name = ? and table_name = ? "
            "order by column_index",
            [schema, name],
        )
        folder = f"{self._root}/{schema}/{name}"
        self._files.create_dir(folder, recursive=True)
        if found:
            columns = ", ".join(quoted(column) for (column,) in found)
            self._write(f"{folder}/all.parquet", f"select {columns} from {table}", [])

    def _there(self, folder: str) -> set[str]:
        selector = fs.FileSelector(folder, allow_not_found=True, recursive=True)
        return {
            each.path.removeprefix(f"{folder}/")
            for each in self._files.get_file_info(selector)
            if each.type == fs.FileType.File and not each.base_name.startswith("_")
        }

    def _columns(self, contract: Contract) -> str:
        names = [column.name for column in contract.columns]
        return ", ".join(map(quoted, [*names, "_file_id", "_row_number", "_loaded_at", "_note"]))

    def _write(self, path: str, query: str, given: list[object]) -> None:
        """Write beside, then move: a reader never meets half a file."""
        folder, name = path.rsplit("/", 1)
        self._files.create_dir(folder, recursive=True)
        beside = f"{folder}/_{name}"
        reader = self._connection.execute(query, given).to_arrow_reader(ROWS_AT_A_TIME)
        schema = pa.schema([_in_utc(field) for field in reader.schema])
        with pq.ParquetWriter(
            beside, schema, filesystem=self._files, compression="zstd", coerce_timestamps="us"
        ) as writer:
            for batch in reader:
                table = pa.Table.from_batches([batch]).cast(schema)
                writer.write_table(table)
                self.rows += table.num_rows
        self._files.move(beside, path)
        self.written += 1

    def _ask(self, query: str, given: list[object] | None = None) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, given or []).fetchall()


def _file_of(number: int, loaded_at: datetime) -> str:
    return f"loaded_on={loaded_at:%Y-%m-%d}/batch-{number:06d}-{loaded_at:%Y%m%dT%H%M%S}.parquet"


def _in_utc(field: pa.Field) -> pa.Field:
    # A time without a zone would be a local one to Spark.
    if pa.types.is_timestamp(field.type):
        return field.with_type(pa.timestamp("us", "UTC"))
    return field
