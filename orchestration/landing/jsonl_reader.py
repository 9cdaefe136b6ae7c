"""JSON lines: one object a line, numbers with the digits that the line has, nothing guessed.

A line that is no object, is broken, names a key twice or holds a NUL is rejected with its text;
the others land. `true` and `false` become text, null and "" become null, nested values stay
JSON text.
"""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration.contracts import Contract
from orchestration.landing.csv_header import check_names, missing_columns, missing_problem
from orchestration.landing.parsed import Parsed
from orchestration.landing.problems import FileProblem, Reject
from orchestration.landing.streams import BLOCK, MAX_RECORD, TextStream, not_utf8


class _Number(str):
    """A number inside a nested value, kept as the digits of its line."""


class _Twice(ValueError):
    """A key occurs twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(f"the key {next(k for k in keys if keys.count(k) > 1)!r} occurs twice")
    return found


_flat = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=str
)
_nested = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_Number, parse_int=_Number, parse_constant=_Number
)


class JsonLinesReader:
    """Reads one stream of JSON lines; `unknown_columns` is complete at the end."""

    def __init__(self, stream: TextStream, contract: Contract, *, block: int = BLOCK) -> None:
        self._stream = stream
        self._contract = contract
        self._block_size = block
        self._columns = [column.name for column in contract.columns]
        self._seen: dict[str, None] = {}
        self._begun = False

    @property
    def unknown_columns(self) -> list[str]:
        return [name for name in self._seen if name not in self._columns]

    def read(self) -> Iterator[Parsed]:
        """Yield the blocks of the file. Raises FileProblem."""
        pending, line, rows = b"", 1, 0
        for chunk in self._stream.blocks(self._block_size):
            data = pending + chunk
            cut = data.rfind(b"\n") + 1
            pending = data[cut:]
            if len(pending) > MAX_RECORD:
                last = line + data.count(b"\n")
                raise FileProblem(
                    f"line {last} is longer than {MAX_RECORD >> 20} MB",
                    "Export one object a line.",
                )
            if cut:
                parsed = self._parse(data[:cut], line)
                rows += parsed.rows
                line += data.count(b"\n", 0, cut)
                yield parsed
        if pending:
            parsed = self._parse(pending + b"\n", line)
            rows += parsed.rows
            yield parsed
        missing = missing_columns(list(self._seen), self._contract)
        if rows and missing:
            raise missing_problem(missing, list(self._seen), self._contract)

    def _parse(self, data: bytes, first_line: int) -> Parsed:
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise not_utf8(data, first_line, error) from error
        rows: list[dict[str, Any]] = []
        numbers: list[int] = []
        rejects: list[Reject] = []
        blank = 0
        keys: tuple[str, ...] = ()
        for number, raw in enumerate(text[:-1].split("\n"), start=first_line):
            content = raw.strip(" \t\r")
            if not content:
                blank += 1
                continue
            found = decode_line(content)
            if not self._begun:
                self._begun = True
                _refuse_document(content, found)
            if isinstance(found, str):
                rejects.append(Reject(number, found, raw.removesuffix("\r")))
                continue
            rows.append(found)
            numbers.append(number)
            if tuple(found) != keys:  # the keys of most lines are those of the line before
                keys = tuple(found)
                self._seen.update(dict.fromkeys(keys))
                check_names(keys)
        columns = {
            name: _column([row.get(name) for row in rows])
            for name in self._columns
            if name in self._seen
        }
        return Parsed(columns, np.array(numbers, np.int64), rejects, blank_lines=blank)


def decode_line(content: str) -> dict[str, Any] | str:
    """The object of a line, or why there is none."""
    try:
        found = _flat.decode(content)
        if not isinstance(found, dict):
            return "the line is no JSON object"
        if any(type(value) in (dict, list) for value in found.values()):
            exact = _nested.decode(content)
            for name, value in exact.items():
                if isinstance(value, dict | list):
                    found[name] = _render(value)
    except _Twice as error:
        return str(error)
    except json.JSONDecodeError as error:
        return f"broken JSON at character {error.pos + 1}: {error.msg}"
    except RecursionError:
        return "the JSON is nested too deeply"
    if "\\u" in content and (reason := _bad_text(found)):
        return reason
    return found


def _bad_text(found: dict[str, Any]) -> str | None:
    """Escapes that stand for no text that can be stored."""
    for value in (*found, *found.values()):
        if isinstance(value, str):
            if "\0" in value:
                return "a value holds a NUL character"
            try:
                value.encode()
            except UnicodeEncodeError:
                return "a value holds half of a character (a lone surrogate)"
    return None


def _render(value: Any) -> str:
    """Nested JSON as text, numbers with their own digits."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)}: {_render(each)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_render, value)) + "]"
    return json.dumps(value, ensure_ascii=True)


def _column(values: list[Any]) -> pa.Array:
    """Values of one key as text."""
    text = [
        value or None if type(value) is str else None if value is None else json.dumps(value)
        for value in values
    ]
    return pa.array(text, pa.string())


def _refuse_document(content: str, found: dict[str, Any] | str) -> None:
    """Say it once, not once a line, if the file is one JSON document over many lines."""
    if content == "{" or (content.startswith("[") and isinstance(found, str)):
        if content.startswith("[") and content.endswith("]") and len(content) < 1000:
            return  # a single bad line, not the start of an array
        raise FileProblem(
            "the file is one JSON document, not JSON lines",
            "Export one object a line, without brackets and commas around them.",
        )
