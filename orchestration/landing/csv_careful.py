"""The careful CSV parser: slow, exact about every line, and able to go on after a broken one.

The grammar is RFC 4180 with LF or CRLF, and quotes inside an unquoted value taken literally.
Where the structure of a record is broken only the line on which it starts is rejected, and
parsing goes on with the next line; between that line and where the fault showed, lines with
stray quotes are rejected too, so that no row is made up out of the middle of a value.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from orchestration.landing.problems import Reject

MISFIT = "values where the header has"
UNCLOSED = "a quote opens on this line and is never closed"
AFTER_QUOTE = "text follows a closing quote"
STRAY_QUOTE = "a stray quote, next to a line whose quotes do not match"


class NeedMore(Exception):
    """A quoted value is still open at the end of the block."""


class _Broken(Exception):
    """A record that breaks the grammar; `end` is where this showed."""

    def __init__(self, reason: str, end: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.end = end


@dataclass
class Records:
    """Records of one block of text, the lines they start on, and what else was there."""

    rows: list[list[str]] = field(default_factory=list)
    row_numbers: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    blank_lines: int = 0
    continuation_lines: int = 0
    consumed: int = 0  # characters


def parse(
    text: str,
    delimiter: str,
    width: int,
    first_line: int,
    *,
    final: bool,
    refuse: Callable[[list[str]], str | None] | None = None,
) -> Records:
    """Parse whole lines of text (it ends in a line feed).

    A record that is still open at the end is left unconsumed, unless `final`. `refuse` may
    name a reason to reject a record that fits the structure.
    """
    found = Records()
    line, position, strict_until = first_line, 0, 0
    while position < len(text):
        end = text.index("\n", position)
        content = text[position:end].removesuffix("\r")
        if not content:
            found.blank_lines += 1
            line, position = line + 1, end + 1
            continue
        lines, reason = 1, None
        if '"' not in content:
            fields = content.split(delimiter)
        else:
            try:
                fields, stop = scan(text, position, delimiter, strict=position < strict_until)
                lines = text.count("\n", position, stop)
                end = stop - 1
            except NeedMore:
                if not final:
                    break
                reason, strict_until = UNCLOSED, len(text)
            except _Broken as broken:
                reason, strict_until = broken.reason, max(strict_until, broken.end)
        if reason is None and len(fields) != width:
            reason = _misfit(len(fields), width)
        if reason is None and refuse is not None:
            reason = refuse(fields)
        if reason is None:
            found.rows.append(fields)
            found.row_numbers.append(line)
            found.continuation_lines += lines - 1
        else:
            _reject(found, text[position:end], line, reason)
        line, position = line + lines, end + 1
    found.consumed = position
    return found


def scan(text: str, position: int, delimiter: str, *, strict: bool) -> tuple[list[str], int]:
    """The values of the record that starts at `position`, and where the next one starts."""
    fields = []
    while True:
        if text[position] != '"':
            newline = text.index("\n", position)
            end = text.find(delimiter, position, newline)
            value = text[position : newline if end < 0 else end]
            if strict and '"' in value:
                raise _Broken(STRAY_QUOTE, newline)
            if end < 0:
                fields.append(value.removesuffix("\r"))
                return fields, newline + 1
            fields.append(value)
            position = end + 1
            continue
        value, end = quoted_value(text, position)
        fields.append(value)
        if text.startswith(delimiter, end):
            position = end + 1
        elif text.startswith("\n", end):
            return fields, end + 1
        elif text.startswith("\r\n", end):
            return fields, end + 2
        else:
            raise _Broken(AFTER_QUOTE, end)


def quoted_value(text: str, position: int) -> tuple[str, int]:
    """The value that is quoted at `position`, and the place after its closing quote."""
    start = position + 1
    search, doubled = start, False
    while True:
        quote = text.find('"', search)
        if quote < 0:
            raise NeedMore
        if not text.startswith('"', quote + 1):
            break
        search, doubled = quote + 2, True
    value = text[start:quote]
    return value.replace('""', '"') if doubled else value, quote + 1


def _misfit(found: int, width: int) -> str:
    return f"{found} {MISFIT} {width} columns"


def _reject(found: Records, text: str, first_line: int, reason: str) -> None:
    for offset, line in enumerate(text.split("\n")):
        why = reason if offset == 0 else f"continues line {first_line}: {reason}"
        found.rejects.append(Reject(first_line + offset, why, line.removesuffix("\r")))
