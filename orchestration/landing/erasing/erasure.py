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

from orchestration.contracts import Contract, load_contracts
from orchestration.database import connect, literal, quoted
from orchestration.landing import arrivals, ledger
from orchestration.landing.archive import Archive
from orchestration.landing.erasing.changes import Changes, EraseError, Rewritten
from orchestration.landing.erasing.correcting import correct
from orchestration.landing.erasing.rewriting import rewrite, rewrite_unread
from orchestration.landing.erasing.values import ErasedValues
from orchestration.landing.ledger import FileOutcome
from orchestration.landing.problems import FileProblem
from orchestration.landing.pseudonyms import Pseudonyms, load_key
from orchestration.settings import Settings

Tell = Callable[[str], None]
KEPT = "schema_name in ('landing', 'quality') or starts_with(schema_name, 'raw_')"


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
    emptied: list[str] = field(default_factory=list)
    replaced: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.unreadable and not self.not_replaced


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
    empty_unreadable: bool = False,
    contracts: dict[str, Contract] | None = None,
) -> ErasureReport:
    """Replace `values` by random tokens in everything that landing keeps, and in its folder.

    What was built from it is dropped; releases hold nothing about people. Call `complete` when the
    copies elsewhere follow. Files that cannot be read and of which nothing landed are named, or
    emptied. Raises EraseError, and then nothing has changed.
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
        rewritten = _write_again(
            connection, contracts, archive, persons, report, tell, empty_unreadable
        )
        if not rewritten and not unfinished(connection):
            searched = (
                f" Not searched: {'; '.join(report.unreadable)}." if report.unreadable else ""
            )
            raise EraseError(
                "None of these values is in any file that has landed. Compare them with the source "
                f"system: identifiers in upper and lower case, e-mail addresses whole.{searched}"
            )
        pseudonyms = Pseudonyms(load_key(settings.pseudonym_key))
        correct(connection, contracts, rewritten, pseudonyms, persons, reason.strip())
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
    empty_unreadable: bool,
) -> list[Rewritten]:
    """New bytes in the archive beside the old ones, for every file that holds a value."""
    files = sorted(ledger.files_where(connection, "true", []), key=lambda each: each.sha256)
    groups = [list(group) for _, group in groupby(files, lambda each: each.sha256)]
    draft = archive.folder / f".{os.getpid()}.erasing.tmp"
    found: list[Rewritten] = []
    for number, group in enumerate(groups, start=1):
        if number % 200 == 0 or number == len(groups):
            tell(f"{number} of {len(groups)} files searched")
        try:
            changes = _rewrite(archive.path(group[0].sha256), group, contracts, persons, draft)
            if changes is None:
                continue
            found.append(Rewritten(group, archive.add(draft), draft.stat().st_size, changes))
        except (FileProblem, FileNotFoundError, UnicodeDecodeError) as problem:
            if not empty_unreadable or any(each.status == "landed" for each in group):
                report.unreadable.append(f"{group[0].path}: {problem}")
                continue
            draft.write_bytes(b"")
            found.append(Rewritten(group, archive.add(draft), 0, Changes()))
            report.emptied += [each.path for each in group]
            continue
        finally:
            draft.unlink(missing_ok=True)
        report.files += group
        report.cells += len(changes.cells)
        changed = {name for _, name, _ in changes.cells}
        report.open_columns |= {
            f"{each.source}.{each.entity}.{column.name}"
            for each in group
            if each.status == "landed"
            for column in contracts[f"{each.source}.{each.entity}"].columns
            if column.name in changed and not column.personal_data
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
    if path.stat().st_size == 0:
        return None
    landed = [each for each in group if each.status == "landed" and each.physical_lines]
    for each in landed:
        if f"{each.source}.{each.entity}" not in contracts:
            raise FileProblem(f"no contract describes {each.source}.{each.entity} any more", "")
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
