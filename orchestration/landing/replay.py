"""Landing again what landed before: archived bytes, under the numbers and times of then.

Used to rebuild a release in a warehouse of its own. Which files, in which order and at what times
is read from a record (the `inputs` of a manifest) and not decided; what a file holds is read by the
same readers as on its first day. The landing folder is not looked at.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from orchestration.contracts import Contract, load_contracts
from orchestration.database import connect
from orchestration.landing import ledger
from orchestration.landing.archive import Archive
from orchestration.landing.arrivals import Arrival
from orchestration.landing.land_file import FileLander
from orchestration.landing.ledger import FileOutcome, Ledger
from orchestration.landing.pseudonyms import Pseudonyms, load_key
from orchestration.landing.writer import Writer
from orchestration.settings import Settings


class ReplayError(RuntimeError):
    """What was recorded cannot be landed again; the message names each file."""


def recorded(entry: Mapping[str, Any]) -> FileOutcome:
    """A file of a manifest as the ledger had it."""
    source, entity = str(entry["entity"]).split(".")
    known = {each.name for each in fields(FileOutcome)} - {"source", "entity", "loaded_at"}
    return FileOutcome(
        source=source,
        entity=entity,
        rows_landed=int(entry["rows"] or 0),
        loaded_at=datetime.fromisoformat(str(entry["loaded_at"])),
        **{name: value for name, value in entry.items() if name in known},
    )


def damaged(archive: Path, files: Sequence[FileOutcome]) -> list[str]:
    """A sentence for each file whose archived bytes are missing or not those of its digest."""
    found = []
    for each in sorted({(each.sha256, each.path) for each in files}):
        path = Archive(archive).path(each[0])
        if not path.is_file():
            found.append(f"{each[1]} (sha256 {each[0]}): missing from the archive")
        elif _digest(path) != each[0]:
            found.append(f"{each[1]} (sha256 {each[0]}): its archived bytes have been changed")
    return found


def replay(
    settings: Settings,
    archive: Path,
    key: Path,
    files: Sequence[FileOutcome],
    *,
    contracts: dict[str, Contract] | None = None,
) -> int:
    """Land `files` in the empty working database of `settings`; gives the rows that landed.

    Raises ReplayError where bytes are missing or damaged, the key of the pseudonyms is gone, or a
    file does not become what it became then.
    """
    if problems := damaged(archive, files):
        raise ReplayError("The archive is not what it was. " + "; ".join(problems) + ".")
    if not key.is_file():
        raise ReplayError(f"The key of the pseudonyms is gone: {key}. Restore it from your backup.")
    contracts = load_contracts() if contracts is None else contracts
    pseudonyms = Pseudonyms(load_key(key))
    in_order = sorted(files, key=lambda each: (each.batch_id, each.file_id))
    rows = 0
    with connect(settings) as connection:
        ledger.create_tables(connection, contracts)
        for (batch, loaded_at), group in groupby(in_order, lambda e: (e.batch_id, e.loaded_at)):
            store = Archive(archive)
            book = Ledger(connection, loaded_at)
            book.batch_id, book.loaded_at = batch, loaded_at
            writer = Writer(connection, book, store)
            for each in group:
                landed = _land(FileLander(store, writer, pseudonyms), writer, contracts, each)
                rows += landed.rows_landed
            writer.flush()
    return rows


def _land(
    lander: FileLander, writer: Writer, contracts: Mapping[str, Contract], then: FileOutcome
) -> FileOutcome:
    arrival = Arrival(
        Path(then.path), then.path, then.source, then.entity, then.format, then.bytes, (0, 0, 0)
    )
    seen = (arrival, then.sha256, "replay")
    if then.status != "landed":
        # It gave no rows then, for the reason that the record states.
        writer.finish(then, seen)
        return then
    contract = contracts.get(f"{then.source}.{then.entity}")
    known = contract and _as_known(contract, then)
    if known != contract:
        writer.flush()  # files of a group have the same columns
    before = replace(
        then, rows_landed=0, lines_rejected=0, physical_lines=0, header_lines=0, blank_lines=0,
        continuation_lines=0, unknown_columns=None,
    )  # fmt: skip
    now = lander.land(arrival, before, known, None, seen)
    if known != contract:
        writer.flush()
    if now != then:
        raise ReplayError(
            f"{then.path} does not land as it did: {_told(now)}, then {_told(then)}. Its contract "
            "or the reader has changed since it landed."
        )
    return now


def _as_known(contract: Contract, then: FileOutcome) -> Contract:
    """Without the columns that the contract did not know yet when the file landed."""
    unknown = set((then.unknown_columns or "").split(", "))
    columns = tuple(each for each in contract.columns if each.name not in unknown)
    return replace(contract, columns=columns)


def _told(outcome: FileOutcome) -> str:
    why = f" ({outcome.reason})" if outcome.reason else ""
    rejects = f"{outcome.lines_rejected} lines rejected"
    unknown = f", unknown columns {outcome.unknown_columns}" if outcome.unknown_columns else ""
    return f"{outcome.status}{why}, {outcome.rows_landed} rows, {rejects}{unknown}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
