"""CSV without a person, by the grammar of the careful parser: records stay on their lines.

A record that changes is written anew, quoted where its values need it; every other byte stays.
"""

from collections.abc import Iterator, Mapping, Sequence

from orchestration.landing import csv_careful
from orchestration.landing.csv_header import split_header
from orchestration.landing.erasing.changes import Changes
from orchestration.landing.erasing.values import ErasedValues
from orchestration.landing.streams import MAX_RECORD


def rewrite_csv(
    blocks: Iterator[tuple[str, bool]],
    delimiter: str,
    kinds: Mapping[str, str],
    values: ErasedValues,
    changes: Changes,
) -> Iterator[str]:
    """The text of a file, block by block of whole lines (and whether it is the last)."""
    names: list[str] | None = None
    pending, line = "", 1
    for block, is_last in blocks:
        text = pending + block
        # The parser wants whole lines; what is added here is taken away below.
        is_open = is_last and not text.endswith("\n")
        text += "\n" * is_open
        done = ""
        if names is None:
            start = len(text) - len(text.lstrip("\r\n"))
            if start == len(text):
                yield text
                line += text.count("\n")
                continue
            end = text.index("\n", start) + 1
            names = split_header(text[start:end].rstrip("\r\n"), delimiter)
            done, text = text[:end], text[end:]
            line += done.count("\n")
        if '"' not in text and not values.perhaps_in(text):
            done, consumed = done + text, len(text)
        else:
            give_up = is_last or len(text) > MAX_RECORD
            found = csv_careful.parse(text, delimiter, len(names), line, final=give_up)
            consumed = found.consumed
            new = _Record(names, delimiter, kinds, values, changes)
            records = _records(text[:consumed], line, found)
            done += "".join(new.without(*each) for each in records)
        yield done.removesuffix("\n") if is_open else done
        line += text.count("\n", 0, consumed)
        pending = text[consumed:]


def _records(
    text: str, first_line: int, found: csv_careful.Records
) -> Iterator[tuple[str, int, list[str] | None]]:
    """The lines of each record, its number and its values; any other line has no values."""
    lines = text.split("\n")[:-1]
    rows = dict(zip(found.row_numbers, found.rows, strict=True))
    at = 0
    while at < len(lines):
        fields = rows.get(first_line + at)
        height = 1 + sum(value.count("\n") for value in fields or ())
        yield "\n".join(lines[at : at + height]) + "\n", first_line + at, fields
        at += height


class _Record:
    """Writes one record after the other, and notes what it changes."""

    def __init__(
        self,
        names: Sequence[str],
        delimiter: str,
        kinds: Mapping[str, str],
        values: ErasedValues,
        changes: Changes,
    ) -> None:
        self._names = names
        self._delimiter = delimiter
        self._kinds = kinds
        self._values = values
        self._changes = changes

    def without(self, record: str, number: int, fields: list[str] | None) -> str:
        """A record, or a line that is none, without the values."""
        if not self._values.perhaps_in(record):
            return record
        if fields is None:
            new = self._values.without_words(record)
        else:
            new = self._cells(record, number, fields)
        if new != record:
            self._changes.lines += [(number + at, None) for at in range(new.count("\n"))]
        return new

    def _cells(self, record: str, number: int, fields: list[str]) -> str:
        """A record whose values keep their quotes, or stay without: neighbours that are broken
        must break where they did."""
        parts, end = _raw_fields(record, self._delimiter, len(fields))
        for at, (name, value) in enumerate(zip(self._names, fields, strict=True)):
            new = self._values.cell(value, self._kinds.get(name))
            if new != value:
                self._changes.cells.append((number, name, new))
                is_quoted = parts[at].startswith('"')
                parts[at] = '"' + new.replace('"', '""') + '"' if is_quoted else new
        return self._delimiter.join(parts) + record[end:]


def _raw_fields(record: str, delimiter: str, width: int) -> tuple[list[str], int]:
    """The values of a record as they are written, and where its line end begins."""
    found: list[str] = []
    start, last = 0, len(record.removesuffix("\n").removesuffix("\r"))
    while len(found) < width:
        if record.startswith('"', start):
            end = csv_careful.quoted_value(record, start)[1]
        else:
            end = record.find(delimiter, start, last)
            end = last if end < 0 else end
        found.append(record[start:end])
        start = end + 1
    return found, start - 1
