"""One run of landing: looks at the folder, reads what is new, and says what became of it.

The order of things and the fate of each file are decided here; how bytes are read, checked and
written is in the modules beside this one.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from orchestration.contracts import Contract, load_contracts
from orchestration.database import connect
from orchestration.landing import arrivals, contract_check, ledger
from orchestration.landing.archive import Archive
from orchestration.landing.arrivals import Arrival
from orchestration.landing.land_file import FileLander
from orchestration.landing.ledger import FileOutcome, Ledger
from orchestration.landing.pseudonyms import Pseudonyms, load_key
from orchestration.landing.writer import Writer
from orchestration.settings import Settings

SETTLE_SECONDS = 2.0
PROGRESS_EVERY = 50  # files


@dataclass(frozen=True)
class LandingReport:
    """What a run found and what became of it. `batch_id` is None when nothing was new."""

    batch_id: int | None
    loaded_at: datetime | None
    files: list[FileOutcome] = field(default_factory=list)
    files_skipped: int = 0
    waiting: list[str] = field(default_factory=list)

    @property
    def files_landed(self) -> int:
        return sum(each.status == "landed" for each in self.files)

    @property
    def files_quarantined(self) -> int:
        return sum(each.status == "quarantined" for each in self.files)

    @property
    def files_waiting(self) -> int:
        return len(self.waiting)

    @property
    def rows_landed(self) -> int:
        return sum(each.rows_landed for each in self.files)

    @property
    def lines_rejected(self) -> int:
        return sum(each.lines_rejected for each in self.files)

    @property
    def physical_lines(self) -> int:
        return sum(each.physical_lines for each in self.files)

    @property
    def lines_lost(self) -> int:
        return sum(abs(each.lines_lost) for each in self.files)


def land(
    settings: Settings,
    *,
    contracts: dict[str, Contract] | None = None,
    now: datetime | None = None,
    progress: Callable[[str], None] | None = None,
    settle_seconds: float = SETTLE_SECONDS,
) -> LandingReport:
    """Land every new file of the landing folder and return what became of each.

    Files that changed within the last `settle_seconds` are looked at twice, that far apart.
    """
    contracts = load_contracts() if contracts is None else contracts
    contract_check.check(contracts.values())
    looked = arrivals.look(settings.landing, settle_seconds)
    archive = Archive(settings.archive)
    archive.sweep()
    with connect(settings) as connection:
        ledger.create_tables(connection, contracts)
        book = Ledger(connection, _utc(now))
        writer = Writer(connection, book, archive)
        run = _Run(settings, contracts, archive, book, writer)
        totals = Counter((each.source, each.entity) for each in looked.ready)
        done: Counter[tuple[str, str]] = Counter()
        for arrival in looked.ready:
            run.take(arrival)
            group = (arrival.source, arrival.entity)
            done[group] += 1
            if progress and (done[group] % PROGRESS_EVERY == 0 or done[group] == totals[group]):
                progress(f"{'/'.join(group)}: {done[group]} of {totals[group]} files")
        writer.flush()
        files = writer.committed
        return LandingReport(
            book.batch_id if files else None,
            book.loaded_at if files else None,
            files,
            run.skipped,
            sorted(looked.waiting + run.changed),
        )


def dismiss(settings: Settings, path_or_file_id: str | int, reason: str) -> list[FileOutcome]:
    """Go on without a file that is quarantined or gave no row, named by its path or id; say why.

    Nothing of such a file is in any raw table, so nothing else changes. Returns the files.
    """
    if not reason.strip():
        raise ValueError("say why the file is dismissed: the ledger keeps the reason")
    if not settings.working_database.exists():
        raise LookupError(f"nothing has landed in the warehouse {settings.warehouse} yet")
    column = "file_id" if isinstance(path_or_file_id, int) else "path"
    with connect(settings) as connection:
        found = []
        if ledger.has_ledger(connection):
            without_rows = "(status = 'quarantined' or (status = 'landed' and rows_landed = 0))"
            condition = f"{without_rows} and {column} = ?"
            found = ledger.files_where(connection, condition, [path_or_file_id])
        if not found:
            raise LookupError(
                f"no quarantined file and none without rows has the {column} {path_or_file_id!r}; "
                "paths are those below the landing folder, as the ledger landing.files has them"
            )
        outcomes = [ledger.dismissed(each, reason.strip()) for each in found]
        for outcome in outcomes:
            connection.execute(
                "update landing.files set status = ?, reason = ? where file_id = ?",
                [outcome.status, outcome.reason, outcome.file_id],
            )
    return outcomes


def unresolved_quarantines(settings: Settings) -> list[FileOutcome]:
    """Quarantined files that nobody dismissed and whose path has not landed since."""
    with ledger.opened(settings) as connection:
        return ledger.files_where(connection, ledger.UNRESOLVED, []) if connection else []


def first_rejects(settings: Settings, files: Iterable[FileOutcome]) -> dict[str, tuple[int, str]]:
    """The first rejected line of each of these files that has any, and why; by path."""
    paths = {each.file_id: each.path for each in files if each.lines_rejected}
    if not paths:
        return {}
    with connect(settings, read_only=True) as connection:
        rows = connection.execute(
            "select file_id, min(line_number), arg_min(reason, line_number) from landing.rejects "
            "where list_contains(?, file_id) group by file_id order by file_id",
            [list(paths)],
        ).fetchall()
    return {paths[file_id]: (line, reason) for file_id, line, reason in rows}


class _Run:
    """Decides what happens to each arrival: skipped, left waiting, landed or quarantined."""

    def __init__(
        self,
        settings: Settings,
        contracts: dict[str, Contract],
        archive: Archive,
        book: Ledger,
        writer: Writer,
    ) -> None:
        self._contracts = contracts
        self._archive = archive
        self._book = book
        self._writer = writer
        pseudonyms = Pseudonyms(load_key(settings.pseudonym_key))
        self._lander = FileLander(archive, writer, pseudonyms)
        self.skipped = 0
        self.changed: list[str] = []

    def take(self, arrival: Arrival) -> None:
        """Land a file unless its bytes are known."""
        entity = (arrival.source, arrival.entity)
        state, sha256 = self._book.seen.get(arrival.path, (None, ""))
        if state == arrival.state:
            status = self._book.known.get((*entity, sha256), ("", 0))[0]
            if status in ("landed", "dismissed"):
                self.skipped += 1
                return
        copied = self._copy(arrival)
        if copied is None:
            self.changed.append(arrival.path)
            return
        if copied in self._book.erased:  # sent again as it was: what is left of it has landed
            self._archive.remove(copied)
            copied = self._book.erased[copied]
        sha256, sidecar = copied, _sidecar(arrival)
        judged_by = self._judged_by(arrival, sidecar)
        seen = (arrival, sha256, judged_by)
        status, file_id = self._book.known.get((*entity, sha256), ("new", 0))
        judged = judged_by in self._book.judged.get((*entity, sha256), ())
        if status in ("landed", "dismissed") or (status == "quarantined" and judged):
            self.skipped += 1
            self._writer.remember(seen)
            return
        outcome = FileOutcome(
            file_id or self._book.new_file_id(),
            self._book.batch_id,
            *entity,
            arrival.path,
            arrival.format,
            arrival.size,
            sha256,
            "landed",
            loaded_at=self._book.loaded_at,
        )
        contract = self._contracts.get(".".join(entity))
        outcome = self._lander.land(arrival, outcome, contract, sidecar, seen)
        self._book.known[(*entity, sha256)] = (outcome.status, outcome.file_id)
        self._book.judged.setdefault((*entity, sha256), set()).add(judged_by)

    def _copy(self, arrival: Arrival) -> str | None:
        """Archive the bytes and return their digest, or None if they changed meanwhile."""
        try:
            sha256 = self._archive.add(arrival.location)
            return sha256 if arrivals.state_of(arrival.location.stat()) == arrival.state else None
        except FileNotFoundError:  # taken away since we looked
            return None

    def _judged_by(self, arrival: Arrival, sidecar: str | None) -> str:
        """Digest of what decides about a file besides its bytes: if it changes, look again."""
        contract = self._contracts.get(f"{arrival.source}.{arrival.entity}")
        return hashlib.sha256(f"{contract!r}\n{arrival.format}\n{sidecar}".encode()).hexdigest()


def _sidecar(arrival: Arrival) -> str | None:
    """Text of the digest that lies beside the file, if one does."""
    try:
        with arrival.sidecar.open("rb") as file:
            return file.read(1000).decode("ascii", "replace")
    except FileNotFoundError:
        return None


def _utc(now: datetime | None) -> datetime:
    """Landing's clock: UTC without a zone, in microseconds. A naive `now` is taken as UTC."""
    now = now or datetime.now(UTC)
    return now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
