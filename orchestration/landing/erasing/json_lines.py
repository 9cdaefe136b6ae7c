"""JSON lines without a person: strings are replaced where they stand, other characters stay."""

import json
import re
from collections.abc import Iterator, Mapping

from orchestration.landing.erasing.changes import Changes
from orchestration.landing.erasing.values import ErasedValues
from orchestration.landing.jsonl_reader import decode_line

_decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_space = re.compile(r"[ \t\r\n]*")
_string = re.compile(r'"(?:[^"\\]|\\.)*"')


def rewrite_json_lines(
    blocks: Iterator[tuple[str, bool]],
    kinds: Mapping[str, str],
    values: ErasedValues,
    changes: Changes,
) -> Iterator[str]:
    """The text of a file, block by block of whole lines."""
    first = 1
    for block, _ in blocks:
        lines = block.split("\n")
        for at, raw in enumerate(lines):
            # An escape may hide a value from a look at the text.
            if "\\" in raw or values.perhaps_in(raw):
                lines[at] = _line(raw, first + at, kinds, values, changes)
        yield "\n".join(lines)
        first += len(lines) - 1


def _line(
    raw: str, number: int, kinds: Mapping[str, str], values: ErasedValues, changes: Changes
) -> str:
    before = decode_line(raw.strip(" \t\r"))
    was_rejected = isinstance(before, str)
    new = values.without_words(raw) if was_rejected else _members(raw, kinds, values)
    if new != raw:
        after = decode_line(new.strip(" \t\r"))
        changes.lines.append((number, after if isinstance(after, str) else None))
        if isinstance(after, dict) and isinstance(before, dict):
            changes.cells += [
                (number, name, str(text)) for name, text in after.items() if text != before[name]
            ]
    return new


def _members(raw: str, kinds: Mapping[str, str], values: ErasedValues) -> str:
    """The text of an object, its members replaced by what column they are."""
    at = raw.index("{") + 1
    parts = [raw[:at]]
    while raw[start := _skip(raw, at)] != "}":
        name, end = _decoder.raw_decode(raw, start)
        begin = _skip(raw, _skip(raw, end) + 1)
        value, end = _decoder.raw_decode(raw, begin)
        kind = kinds.get(name)
        if isinstance(value, str):  # numbers too, as their digits
            new = values.cell(value, kind)
            text = raw[begin:end] if new == value else json.dumps(new, ensure_ascii=False)
        else:
            text = _string.sub(lambda hit: _nested(hit[0], values), raw[begin:end])
        after = _skip(raw, end)
        after += raw[after] == ","
        parts += [raw[at:begin], text, raw[end:after]]
        at = after
    return "".join(parts) + raw[at:]


def _nested(literal: str, values: ErasedValues) -> str:
    before = json.loads(literal)
    new = values.without_addresses(before)
    return literal if new == before else json.dumps(new, ensure_ascii=False)


def _skip(text: str, at: int) -> int:
    found = _space.match(text, at)
    return found.end() if found else at
