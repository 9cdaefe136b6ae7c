"""A person leaves the warehouse: which files are written again, and in which order what changes.

The raw rows are corrected cell by cell and the new bytes take the place of the old ones in one
transaction of the ledger. Everything before it can be thrown away, everything after it is done
again by the same command: whoever kills it runs it once more.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.contracts import Contract, load_contracts
from orchestration.database import connect, literal, quoted
from orchestration.landing import arrivals, ledger
from orchestration.landing.archive import Archive
from orchestration.landing.erasing.changes import Changes
from orchestration.landing.erasing.rewriting import rewrite, rewrite_unread
from orchestration.landing.erasing.values import ErasedValues
from orchestration.landing.ledger import FileOutcome, raw_table
from orchestration.landing.problems import FileProblem
from orchestration.landing.pseudonyms import Pseudonyms, load_key
from orchestration.settings import Settings

Tell = Callable[[str], None]
KEPT = "schema_name in ('landing', 'quality') or starts_with(schema_name, 'raw_')"


class EraseError(RuntimeError):
    """Nobody was erased; the message says why and what to do."""


@dataclass
class ErasureReport:
    """What was written again, and what the command cannot do itself.

    `missing` has the values that were found nowhere, `open_columns` those `entity.column` that hold
    personal data and are not declared to, the other lists name files and why.
    """

    files: list[FileOutcome] = field(default_factory=list)
    cells: int = 0
    missing: list[str] = field(default_factory=list)
    open_columns: set[str] = field(default_factory=set)
    unreadable: list[str] = field(default_factory=list)
    not_replaced: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    replaced: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.unreadable and not self.not_replaced


@dataclass(frozen=True)
class _Rewritten:
    files: list[FileOutcome]  # rows of the ledger that have these bytes
    sha256: str
    bytes: int
    changes: Changes


def read_values(text: str, name: str) -> list[str]:
    """The values of a file with one on each line. Raises EraseError naming the line."""
    found = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        value = line.strip()
        if '"' in value or not value.isprintable():
            raise EraseError(
                f"{name}: line {number} holds a quote or a character that cannot be seen. Write "
                "one e-mail address or identifier a line, as the source system has it."
            )
        if value:
            found.append(value)
    if not found:
        raise EraseError(
            f"{name} holds no value. Write one e-mail address or identifier of the person a line."
        )
    return list(dict.fromkeys(found))


def erase(
    settings: Settings,
    values: Sequence[str],
    reason: str,
    tell: Tell = lambda _line: None,
    *,
    contracts: dict[str, Contract] | None = None,
) -> ErasureReport:
    """Replace `values` by random tokens in everything that landing keeps, and in its folder.

    What was built from it is dropped; releases hold nothing about people. Call `complete` when the
    copies elsewhere follow. Raises EraseError, and then nothing has changed.
    """
    if not reason.strip():
        raise EraseError("Say why the person is erased: the ledger keeps the reason.")
    if not settings.working_database.exists():
        raise EraseError(f"Nothing has landed in the warehouse {settings.warehouse} yet.")
    contracts = load_contracts() if contracts is None else contracts
    archive, report = Archive(settings.archive), ErasureReport()
    persons = ErasedValues(values)
    archive.sweep()
    with connect(settings) as connection:
        ledger.create_tables(connection, contracts)
        rewritten = _write_again(connection, contracts, archive, persons, report, tell)
        if not rewritten and not unfinished(connection):
            searched = (
                f" Not searched: {'; '.join(report.unreadable)}." if report.unreadable else ""
            )
            raise EraseError(
                "None of these values is in any file that has landed. Compare them with the source "
                f"system: identifiers in upper and lower case, e-mail addresses whole.{searched}"
            )
        pseudonyms = Pseudonyms(load_key(settings.pseudonym_key))
        _correct(connection, contracts, rewritten, pseudonyms, persons, reason.strip())
        digests = ledger.present_digests(connection)
        known = {each.sha256 for each in ledger.files_where(connection, "true", [])}
    report.missing = persons.missing() if rewritten else []
    tell("the database is written anew, without what was built")
    _write_database_anew(settings)
    tell("the landing folder gets the same bytes as the archive")
    _bring_landing_folder(settings, archive, digests, known, report)
    archive.keep_only(known)
    return report


def unfinished(connection: duckdb.DuckDBPyConnection) -> list[FileOutcome]:
    """Files of erasures that are not complete yet."""
    condition = "file_id in (select file_id from landing.erasures where completed_at is null)"
    return ledger.files_where(connection, condition, [])


def to_follow(settings: Settings) -> set[tuple[str, datetime]]:
    """Raw tables and load times whose copies elsewhere must follow."""
    with connect(settings, read_only=True) as connection:
        return {(f"raw_{e.source}.{e.entity}", e.loaded_at) for e in unfinished(connection)}


def complete(settings: Settings) -> None:
    """Note that nothing of the last erasure is left to do."""
    with connect(settings) as connection:
        now = datetime.now(UTC).replace(tzinfo=None)
        query = "update landing.erasures set completed_at = ? where completed_at is null"
        connection.execute(query, [now])


def with_present_digests(
    settings: Settings, inputs: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Inputs of a manifest, with the digests of now where somebody was erased from a file since."""
    with ledger.opened(settings) as connection:
        present = ledger.present_digests(connection) if connection else {}
    found = []
    for entry in inputs:
        sha256, size = present.get(entry["sha256"], (entry["sha256"], entry["bytes"]))
        found.append({**entry, "sha256": sha256, "bytes": size})
    return found


def _write_again(
    connection: duckdb.DuckDBPyConnection,
    contracts: Mapping[str, Contract],
    archive: Archive,
    persons: ErasedValues,
    report: ErasureReport,
    tell: Tell,
) -> list[_Rewritten]:
    """New bytes in the archive beside the old ones, for every file that holds a value."""
    files = sorted(ledger.files_where(connection, "true", []), key=lambda each: each.sha256)
    groups = [list(group) for _, group in groupby(files, lambda each: each.sha256)]
    draft = archive.folder / f".{os.getpid()}.erasing.tmp"
    found: list[_Rewritten] = []
    for number, group in enumerate(groups, start=1):
        if number % 200 == 0 or number == len(groups):
            tell(f"{number} of {len(groups)} files searched")
        try:
            changes = _rewrite(archive.path(group[0].sha256), group, contracts, persons, draft)
            if changes is None:
                continue
            found.append(_Rewritten(group, archive.add(draft), draft.stat().st_size, changes))
        except (FileProblem, FileNotFoundError) as problem:
            report.unreadable.append(f"{group[0].path}: {problem}")
            continue
        finally:
            draft.unlink(missing_ok=True)
        report.files += group
        report.cells += len(changes.cells)
        report.open_columns |= {
            f"{each.source}.{each.entity}.{column}"
            for each in group
            for column in {name for _, name, _ in changes.cells}
            if each.status == "landed" and column not in _kinds([each], contracts)
        }
    archive.settle()
    return found


def _rewrite(
    path: Path,
    group: Sequence[FileOutcome],
    contracts: Mapping[str, Contract],
    persons: ErasedValues,
    draft: Path,
) -> Changes | None:
    """Changes of a file, or None if it holds no value; bytes of two entities are read as one."""
    landed = [each for each in group if each.status == "landed" and each.physical_lines]
    first = (landed or group)[0]
    contract = contracts.get(f"{first.source}.{first.entity}")
    kinds = _kinds(landed or group, contracts)
    if landed and contract is not None and first.format:
        return rewrite(path, first.format, contract, kinds, persons, draft) or None
    is_changed = rewrite_unread(path, first.format, contract, kinds, persons, draft)
    return Changes() if is_changed else None


def _kinds(files: Sequence[FileOutcome], contracts: Mapping[str, Contract]) -> dict[str, str]:
    found = [contracts.get(f"{each.source}.{each.entity}") for each in files]
    return {
        column.name: column.personal_data
        for contract in found
        if contract is not None
        for column in contract.columns
        if column.personal_data
    }


def _correct(
    connection: duckdb.DuckDBPyConnection,
    contracts: Mapping[str, Contract],
    rewritten: Sequence[_Rewritten],
    pseudonyms: Pseudonyms,
    persons: ErasedValues,
    reason: str,
) -> None:
    """Raw rows, rejected lines and digests, in one transaction."""
    now = datetime.now(UTC).replace(tzinfo=None)
    connection.execute("begin")
    try:
        for each in rewritten:
            for file in each.files:
                if file.status == "landed":
                    contract = contracts[f"{file.source}.{file.entity}"]
                    _correct_rows(connection, contract, file, each.changes, pseudonyms)
                row = (file.file_id, file.sha256, file.bytes, each.sha256, each.bytes, reason, now)
                connection.execute(
                    "insert into landing.erasures values (?, ?, ?, ?, ?, ?, ?, null)", row
                )
            old = each.files[0].sha256
            connection.execute(
                "update landing.files set sha256 = ?, bytes = ? where sha256 = ?",
                [each.sha256, each.bytes, old],
            )
            connection.execute(
                "update landing.seen set sha256 = ? where sha256 = ?", [each.sha256, old]
            )
        for table, column in (("files", "reason"), ("rejects", "reason"), ("rejects", "text")):
            _without_words(connection, table, column, persons)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _correct_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    file: FileOutcome,
    changes: Changes,
    pseudonyms: Pseudonyms,
) -> None:
    table = raw_table(contract)
    numbers = pa.table({"n": pa.array(sorted({row for row, _, _ in changes.cells}), pa.int64())})
    lines = pa.table({"n": pa.array([n for n, _ in changes.lines], pa.int64())})
    connection.register("_numbers", numbers)
    connection.register("_lines", lines)
    rows = f"select _row_number from {table} where _file_id = {file.file_id}"
    rejected = f"select line_number from landing.rejects where file_id = {file.file_id}"
    # A record that landed and was not changed as one, or was changed and neither landed nor was
    # rejected: the file is not read as it was on its first day.
    unlike = connection.execute(
        f"select min(n) from (select n from _numbers where n not in ({rows} union {rejected}) "
        f"union select n from _lines where n in ({rows}) and n not in (from _numbers))"
    ).fetchone()
    if unlike and unlike[0] is not None:
        raise EraseError(
            f"{file.path}: line {unlike[0]} is not read as it was when it landed: the contract of "
            f"{contract.name} has changed since. Erase with the contract of then, or take the "
            "changes of delimiter and format back for as long."
        )
    for column in contract.columns:
        texts = [(row, text) for row, name, text in changes.cells if name == column.name]
        if not texts:
            continue
        values = pa.array([text or None for _, text in texts], pa.string())
        if column.personal_data:
            values = pseudonyms.of_column(values, column.personal_data)
        news = pa.table({"n": pa.array([row for row, _ in texts], pa.int64()), "value": values})
        connection.register("_news", news)
        connection.execute(
            f"update {table} set {quoted(column.name)} = _news.value from _news "
            f"where _file_id = {file.file_id} and _row_number = _news.n"
        )
    for name in ("_numbers", "_lines", "_news"):
        connection.unregister(name)


def _without_words(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, persons: ErasedValues
) -> None:
    for (text,) in connection.execute(
        f"select distinct {column} from landing.{table} where {column} is not null"
    ).fetchall():
        if (new := persons.without_words(text)) != text:
            query = f"update landing.{table} set {column} = ? where {column} = ?"
            connection.execute(query, [new, text])


def _write_database_anew(settings: Settings) -> None:
    """Blocks that were freed keep what was in them, so only a new file is without it."""
    draft = settings.working_database.with_name(".erasing.duckdb")
    draft.unlink(missing_ok=True)
    with duckdb.connect(str(draft), config={"memory_limit": settings.memory_limit}) as connection:
        draft.chmod(0o600)
        connection.execute(f"attach {literal(settings.working_database)} as old (read_only)")
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            f"where database_name = 'old' and ({KEPT}) order by all"
        ).fetchall():
            connection.execute(f"create schema if not exists {quoted(schema)}")
            place = f"{quoted(schema)}.{quoted(name)}"
            connection.execute(f"create table {place} as from old.{place}")
    os.replace(draft, settings.working_database)


def _bring_landing_folder(
    settings: Settings,
    archive: Archive,
    digests: Mapping[str, tuple[str, int]],
    known: set[str],
    report: ErasureReport,
) -> None:
    """Files of the landing folder that still have the old bytes get the new ones."""
    for arrival in arrivals.look(settings.landing, 0).ready:
        try:
            with arrival.location.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest in digests:
                _replace(arrival, digest, digests[digest][0], archive)
                report.replaced += 1
            elif digest not in known:
                report.unknown.append(arrival.path)
        except OSError as error:
            report.not_replaced.append(f"{arrival.path}: {error.strerror}")


def _replace(arrival: arrivals.Arrival, old: str, new: str, archive: Archive) -> None:
    draft = arrival.location.with_name(f".{arrival.location.name}.erasing")
    shutil.copyfile(archive.path(new), draft)
    shutil.copystat(arrival.location, draft)
    if arrival.sidecar.exists():
        text = arrival.sidecar.read_text(encoding="ascii", errors="replace")
        arrival.sidecar.write_text(text.lower().replace(old, new), encoding="ascii")
    os.replace(draft, arrival.location)
