"""The fate of one file: preflight, reading, adding up its lines, and landed or quarantined.

Every line that the stream counts must be a row, a reject, header, blank or continuation before
the file is committed. When the fast way of reading does not add up the careful one is taken;
when that does not either the file is quarantined. No line is ever dropped.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from orchestration.contracts import Contract
from orchestration.landing import preflight
from orchestration.landing.archive import Archive
from orchestration.landing.arrivals import Arrival
from orchestration.landing.csv_reader import CsvReader
from orchestration.landing.jsonl_reader import JsonLinesReader
from orchestration.landing.ledger import FileOutcome
from orchestration.landing.parquet_reader import ParquetReader
from orchestration.landing.parsed import Parsed
from orchestration.landing.problems import ConservationError, FileProblem
from orchestration.landing.pseudonyms import Pseudonyms
from orchestration.landing.raw_rows import RawRows
from orchestration.landing.streams import TextStream
from orchestration.landing.writer import Seen, Writer

SMALL_ROWS = 100_000  # rows of a file that may wait in memory for its group's transaction


class Reader(Protocol):
    """What a reader of any format offers."""

    @property
    def unknown_columns(self) -> list[str]: ...

    def read(self) -> Iterator[Parsed]: ...


class FileLander:
    """Lands files that have been archived, one at a time."""

    def __init__(self, archive: Archive, writer: Writer, pseudonyms: Pseudonyms) -> None:
        self._archive = archive
        self._writer = writer
        self._pseudonyms = pseudonyms
        self._rows: dict[str, RawRows] = {}

    def land(
        self,
        arrival: Arrival,
        outcome: FileOutcome,
        contract: Contract | None,
        sidecar: str | None,
        seen: Seen,
    ) -> FileOutcome:
        """Land or quarantine a file; returns its outcome, which the writer commits."""
        try:
            contract, file_format = _expected(arrival, contract)
            if sidecar is not None:
                check_sidecar(sidecar, outcome.sha256)
            path = self._archive.path(outcome.sha256)
            if outcome.bytes or file_format not in ("csv", "jsonl"):
                preflight.check_type(path, file_format)
            try:
                return self._read(path, file_format, outcome, contract, seen, careful=False)
            except ConservationError:
                return self._read(path, file_format, outcome, contract, seen, careful=True)
        except FileProblem as problem:
            reason, remedy = problem.reason, problem.remedy
        except ConservationError as error:
            reason, remedy = str(error), "Report it with the file: this is a fault of landing."
        quarantined = replace(outcome, status="quarantined", reason=reason, remedy=remedy)
        self._writer.finish(quarantined, seen)
        return quarantined

    def _read(
        self,
        path: Path,
        file_format: str,
        outcome: FileOutcome,
        contract: Contract,
        seen: Seen,
        *,
        careful: bool,
    ) -> FileOutcome:
        stream, reader = _open(path, file_format, contract, careful=careful)
        rows = self._rows.setdefault(contract.name, RawRows(contract, self._pseudonyms))
        held: list[Parsed] = []
        is_large = False

        def write(parsed: Parsed) -> None:
            table = rows.build(parsed, file_format, outcome.file_id, outcome.loaded_at)
            if parsed.rows:
                self._writer.keep(contract, table)
            self._writer.reject(outcome.file_id, parsed.rejects)

        try:
            for parsed in reader.read():
                outcome = _add(outcome, parsed)
                if not is_large and outcome.rows_landed + outcome.lines_rejected > SMALL_ROWS:
                    is_large = True
                    self._writer.begin()
                if is_large:
                    for each in (*held, parsed):
                        write(each)
                    held = []
                    self._writer.spill()
                else:
                    held.append(parsed)
            outcome = replace(
                outcome,
                physical_lines=stream.lines,
                unknown_columns=", ".join(reader.unknown_columns) or None,
            )
            if outcome.lines_lost:
                raise ConservationError(
                    f"{outcome.lines_lost} of {stream.lines} lines are not accounted for"
                )
            for each in held:
                write(each)
        except BaseException:
            if is_large:
                with suppress(Exception):  # the first error is the one to tell
                    self._writer.rollback()
            raise
        if is_large:
            self._writer.commit(outcome, seen)
        else:
            self._writer.finish(outcome, seen)
        return outcome


def check_sidecar(text: str, sha256: str) -> None:
    """Compare the digest that the sender left beside a file with the file's own."""
    words = text.lower().split()
    if not words or len(words[0]) != 64 or set(words[0]) - set("0123456789abcdef"):
        raise FileProblem(
            "the .sha256 file beside it holds no SHA-256 digest",
            "Write the digest as 64 hexadecimal digits, or take the .sha256 file away.",
        )
    if words[0] != sha256:
        raise FileProblem(
            f"its bytes (sha256 {sha256[:12]}…) are not those that the .sha256 file beside it "
            f"promises ({words[0][:12]}…)",
            "Send the file again, or correct the .sha256 file.",
        )


def _expected(arrival: Arrival, contract: Contract | None) -> tuple[Contract, str]:
    """The contract and format of a file, if its place and name say so."""
    if arrival.misplaced:
        raise FileProblem(
            "the file does not lie directly in a folder <source>/<entity>/",
            "Move it there; the folders are those of the landing contract.",
        )
    if contract is None:
        raise FileProblem(
            f"no landing contract describes {arrival.source}/{arrival.entity}",
            "Move the file to the folder of its entity, or add the entity to "
            f"models/staging/{arrival.source}/_{arrival.source}.yml.",
        )
    if arrival.format is None:
        raise FileProblem(
            "the ending of its name is none of .csv, .csv.gz, .jsonl, .jsonl.gz, .parquet",
            "Export it in one of these formats, and dismiss this one: the other has another name.",
        )
    return contract, arrival.format


def _open(
    path: Path, file_format: str, contract: Contract, *, careful: bool
) -> tuple[TextStream | ParquetReader, Reader]:
    """The reader of a file, and what counts its lines."""
    if file_format == "parquet":
        parquet = ParquetReader(path, contract)
        return parquet, parquet
    stream = TextStream(path, file_format, contract.encoding)
    if file_format.startswith("csv"):
        return stream, CsvReader(stream, contract, careful=careful)
    return stream, JsonLinesReader(stream, contract)


def _add(outcome: FileOutcome, parsed: Parsed) -> FileOutcome:
    return replace(
        outcome,
        rows_landed=outcome.rows_landed + parsed.rows,
        lines_rejected=outcome.lines_rejected + len(parsed.rejects),
        header_lines=outcome.header_lines + parsed.header_lines,
        blank_lines=outcome.blank_lines + parsed.blank_lines,
        continuation_lines=outcome.continuation_lines + parsed.continuation_lines,
    )
