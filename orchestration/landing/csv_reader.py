"""CSV files: clean blocks go through Arrow's reader, every other block through the careful parser.

A block is clean when its quotes are all where RFC 4180 has them, it has no empty line and every
record has as many values as the header; then Arrow and the careful parser agree, and the test
suite compares them. Whether lines add up is checked for the whole file by `landing.land_file`.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.csv

from orchestration.contracts import Contract
from orchestration.landing import csv_careful
from orchestration.landing.csv_header import read_header
from orchestration.landing.numbers import NumberFormat
from orchestration.landing.parsed import Parsed, empty_is_null
from orchestration.landing.problems import FileProblem, Reject
from orchestration.landing.streams import BLOCK, MAX_RECORD, TextStream, not_utf8

LF, QUOTE = 0x0A, 0x22
SMALL = 1 << 20  # bytes below which threads cost more than they bring


class CsvReader:
    """Reads one CSV stream; `unknown_columns` is filled once the header has been read."""

    def __init__(
        self, stream: TextStream, contract: Contract, *, careful: bool = False, block: int = BLOCK
    ) -> None:
        self._stream = stream
        self._contract = contract
        self._careful = careful
        self._block_size = block
        self._numbers = NumberFormat(contract)
        self._names: list[str] = []
        self._known: list[str] = []
        self.unknown_columns: list[str] = []

    def read(self) -> Iterator[Parsed]:
        """Yield the blocks of the file. Raises FileProblem."""
        pending, line, header_read, is_first = b"", 1, False, True
        blocks = self._stream.blocks(self._block_size)
        chunk = next(blocks, None)
        while chunk is not None:
            upcoming = next(blocks, None)
            data = pending + chunk
            final = upcoming is None
            if final and not data.endswith(b"\n"):
                data += b"\n"
            if not header_read and (final or b"\n" in data.lstrip(b"\r\n")):
                before = len(data)
                data, blank, header_read = self._take_header(data)
                if header_read or len(data) < before:
                    yield Parsed({}, np.empty(0, np.int64), [], int(header_read), blank)
                    line += blank + int(header_read)
            if header_read:
                for parsed, consumed in self._records(data, line, final):
                    if is_first and not parsed.rows:
                        _refuse_another_width(parsed.rejects)
                    is_first = False
                    yield parsed
                    line += data.count(b"\n", 0, consumed)
                    data = data[consumed:]
            if len(data) > MAX_RECORD + 2 * self._block_size:
                raise _too_long(line)
            pending, chunk = data, upcoming

    def _take_header(self, data: bytes) -> tuple[bytes, int, bool]:
        """Split off blank lines and the header; the last value tells whether there is one."""
        blank = 0
        while data.startswith((b"\n", b"\r\n")):
            data, blank = data[data.index(b"\n") + 1 :], blank + 1
        if not data:
            return data, blank, False
        end = data.index(b"\n")
        try:
            line = data[:end].decode().removesuffix("\r")
        except UnicodeDecodeError as error:
            raise not_utf8(data, blank + 1, error) from error
        following = data[end + 1 : end + 20_000].decode(errors="replace").splitlines()
        self._names = read_header(line, following, self._contract)
        known = {column.name for column in self._contract.columns}
        self.unknown_columns = [
            name or f"(column {at})"
            for at, name in enumerate(self._names, start=1)
            if name not in known
        ]
        self._known = [name for name in self._names if name in known]
        return data[end + 1 :], blank, True

    def _records(self, data: bytes, line: int, final: bool) -> Iterator[tuple[Parsed, int]]:
        """The records that end in this block, by the fast way if it is clean; at most one item."""
        if not data:
            return
        clean = None if self._careful else self._fast(data, line, final)
        if clean is not None:
            yield clean
            return
        whole = data[: data.rindex(b"\n") + 1] if b"\n" in data else b""
        give_up = final or len(data) > MAX_RECORD
        if whole:
            yield self._slow(whole, line, give_up)

    def _fast(self, data: bytes, line: int, final: bool) -> tuple[Parsed, int] | None:
        """Parse with Arrow, or None if the block is not clean."""
        cut, starts = _record_starts(data, self._contract.delimiter, final)
        if cut == 0:
            return None
        body = data if cut == len(data) else data[:cut]
        if _has_blank_lines(body):
            return None
        lines = body.count(b"\n")
        records = lines if starts is None else len(starts)
        try:
            table = self._arrow(body, quoted_lines=records != lines)
        except (pa.ArrowInvalid, UnicodeDecodeError):  # the careful parser says which line
            return None
        columns = {name: table[name].combine_chunks() for name in self._known}
        misled = not self._numbers.is_plain and any(
            self._numbers.any_misleads(columns[name])
            for name in self._numbers.columns & set(columns)
        )
        if table.num_rows != records or misled:
            return None
        numbers = np.arange(line, line + lines) if starts is None else line + starts
        return Parsed(columns, numbers, continuation_lines=lines - records), cut

    def _arrow(self, body: bytes, quoted_lines: bool) -> pa.Table:
        positions = [f"c{at}" for at in range(len(self._names))]  # names may be empty or strange
        names = dict(zip(self._names, positions, strict=True))
        options = pa.csv.ConvertOptions(
            column_types=dict.fromkeys(positions, pa.string()),
            include_columns=[names[name] for name in self._known],
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        )
        if not body.isascii():
            body.decode()
        table = pa.csv.read_csv(
            pa.py_buffer(body),
            read_options=pa.csv.ReadOptions(column_names=positions, use_threads=len(body) > SMALL),
            parse_options=pa.csv.ParseOptions(
                delimiter=self._contract.delimiter, newlines_in_values=quoted_lines
            ),
            convert_options=options,
        )
        return table.rename_columns(self._known)

    def _slow(self, data: bytes, line: int, final: bool) -> tuple[Parsed, int]:
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise not_utf8(data, line, error) from error
        found = csv_careful.parse(
            text,
            self._contract.delimiter,
            len(self._names),
            line,
            final=final,
            refuse=None if self._numbers.is_plain else self._refuse_number,
        )
        at = {name: self._names.index(name) for name in self._known}
        columns = {
            name: empty_is_null([row[index] for row in found.rows]) for name, index in at.items()
        }
        parsed = Parsed(
            columns,
            np.array(found.row_numbers, np.int64),
            found.rejects,
            0,
            found.blank_lines,
            found.continuation_lines,
        )
        return parsed, len(text[: found.consumed].encode())

    def _refuse_number(self, fields: list[str]) -> str | None:
        for name, value in zip(self._names, fields, strict=True):
            if name in self._numbers.columns and self._numbers.misleads(value):
                return (
                    f"{name} is {value!r}, which does not fit the contract's number format and "
                    "would be read as another number"
                )
        return None


def _refuse_another_width(rejects: list[Reject]) -> None:
    """A header that fits no record is at fault itself: no line would land, and line after line
    rejected says less than one word about the file."""
    reasons = {each.reason for each in rejects}
    if len(rejects) > 1 and len(reasons) == 1 and csv_careful.MISFIT in rejects[0].reason:
        raise FileProblem(
            f"every line below the first has {rejects[0].reason}",
            "Name every column in the first line, and end no line with a delimiter too many.",
        )


def _record_starts(data: bytes, delimiter: str, final: bool) -> tuple[int, np.ndarray | None]:
    """Where the last record of a block ends, and on which of its lines records start.

    0 where the quotes are not all well placed. No array (every line is a record) without quotes.
    """
    end = data.rfind(b"\n") + 1
    if data.find(b'"') < 0:
        return end, None
    array = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(array == QUOTE)
    ends = np.flatnonzero(array == LF)
    inside = (np.searchsorted(quotes, ends) & 1).astype(bool)
    whole = ends[~inside]
    if len(whole) == 0 or (final and inside[-1]):
        return 0, None
    cut = int(whole[-1]) + 1
    quotes = quotes[: np.searchsorted(quotes, cut)]
    before = array[quotes[0::2] - 1]
    if len(quotes) and quotes[0] == 0:
        before[0] = LF
    after = array[quotes[1::2] + 1]  # a line feed follows every quote before `cut`
    comma = ord(delimiter)
    returns = quotes[1::2][after == 0x0D]
    well_placed = (
        np.isin(before, (comma, LF, QUOTE)).all()
        and np.isin(after, (comma, LF, QUOTE, 0x0D)).all()
        and (array[returns + 2] == LF).all()
    )
    if not well_placed:
        return 0, None
    lines = np.searchsorted(ends, whole, side="left")  # index of the line each record ends on
    return cut, np.concatenate(([0], lines[:-1] + 1))


def _has_blank_lines(body: bytes) -> bool:
    if body.startswith((b"\n", b"\r\n")) or b"\n\n" in body:
        return True
    return b"\r" in body and b"\n\r\n" in body


def _too_long(line: int) -> FileProblem:
    return FileProblem(
        f"line {line} or the quoted value on it is longer than {MAX_RECORD >> 20} MB",
        "Check the export: one value has swallowed the rest of the file.",
    )
