"""Dirt: the few lines that real exports get wrong, each written down with what should become of it.

Only single rows and harmless oddities of a file, never a file that must be quarantined whole: those
are made by the tests of landing. Every blemish is recorded in the truth (`dirt.json`).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import numpy as np

from orchestration.sample.randomness import stream

REJECTED = "rejected"  # the line does not fit the structure of its file
QUARANTINED = "quarantined"  # the row has landed and a value cannot be typed or is not allowed
HELD = "held"  # the partner is unknown so far
IGNORED_DUPLICATE = "ignored_duplicate"  # landed twice, counted once
ACCEPTED = "accepted"  # odd but right

FIRST_DIRTY_FILE = 2  # the first files of an entity stay clean: a history to compare with
LEAST_ROWS = 60  # one blemish in fewer rows is more than an ordinary export shows
UNKNOWN_PARTNER = "P-999999"
FAR_FUTURE = "2099-01-04T09:30:00+00:00"


@dataclass(frozen=True)
class Blemish:
    """One thing that is wrong in one file. `line`: physical, from 1; None for the whole file."""

    file: str
    entity: str
    kind: str
    expected: str
    line: int | None = None
    record_id: str | None = None
    detail: str = ""


@dataclass
class TextFile:
    """A CSV or JSONL file as rows of text, before it is written. None is an empty value."""

    entity: str
    path: str
    columns: list[str]
    rows: list[list[str | None]]
    marks: dict[int, Blemish] = field(default_factory=dict)  # by row; lines are known later
    wanted: list["Kind"] = field(default_factory=list)

    @property
    def is_csv(self) -> bool:
        return ".csv" in self.path


@dataclass(frozen=True)
class Kind:
    """A kind of blemish planned for an entity; `column` and `value` for those that set a value."""

    name: str
    expected: str
    column: str = ""
    value: str | None = None
    scope: str = "value"  # value, duplicate, line, file


def _value(name: str, column: str, value: str | None, expected: str = QUARANTINED) -> Kind:
    return Kind(name, expected, column, value)


EXTRA_FIELD = Kind("extra_field", REJECTED, scope="line")
MISSING_FIELD = Kind("missing_field", REJECTED, scope="line")
BROKEN_JSON = Kind("broken_json", REJECTED, scope="line")
DUPLICATE = Kind("duplicate_in_file", IGNORED_DUPLICATE, scope="duplicate")
REPEATED = Kind("duplicate_across_files", IGNORED_DUPLICATE, scope="repeat")
UNKNOWN = _value("unknown_partner", "partner_id", UNKNOWN_PARTNER, HELD)
BOM_CRLF = Kind("bom_and_crlf", ACCEPTED, scope="bom")
REORDERED = Kind("reordered_columns", ACCEPTED, scope="order")
EXTRA_COLUMN = Kind("unknown_column", ACCEPTED, scope="column")

# In this order, at most one of a kind of row per file: spread over the years like real slips.
PLAN: dict[str, tuple[Kind, ...]] = {
    "crm.partners": (_value("unknown_word", "track", "franchise"),),
    "crm.activities": (
        _value("bad_time", "occurred_at", "last Tuesday"), EXTRA_FIELD, DUPLICATE, UNKNOWN,
        _value("unknown_word", "kind", "lunch"), MISSING_FIELD, REPEATED,
        _value("future_time", "occurred_at", FAR_FUTURE), UNKNOWN, REPEATED,
        _value("empty_required", "partner_id", None), DUPLICATE,
        _value("time_without_offset", "occurred_at", "2025-11-03 10:15:00"), UNKNOWN,
    ),
    "crm.requests": (
        REORDERED, _value("bad_time", "responded_at", "n/a"), UNKNOWN, MISSING_FIELD,
    ),
    "crm.leads": (BROKEN_JSON, DUPLICATE, _value("bad_time", "accepted_at", "1735689600")),
    "crm.deals": (
        _value("negative_amount", "amount", "-4200.00"), EXTRA_FIELD, REPEATED,
        _value("bad_number", "amount", "12.500,00"), _value("unknown_word", "outcome", "paused"),
        _value("bad_currency", "currency", "euro"),
    ),
    "portal.events": (
        BROKEN_JSON, DUPLICATE, _value("unknown_word", "event", "easter_egg"), UNKNOWN, REPEATED,
        _value("empty_required", "event", None), UNKNOWN, BROKEN_JSON,
        _value("future_time", "occurred_at", FAR_FUTURE),
    ),
    "portal.milestones": (DUPLICATE,),
    "learning.enrollments": (
        BOM_CRLF, _value("bad_flag", "passed", "maybe"), DUPLICATE, UNKNOWN, EXTRA_FIELD,
    ),
    "marketing.commitments": (_value("bad_time", "due_at", "31/02/2026"),),
    "marketing.funds": (EXTRA_COLUMN, _value("negative_amount", "allocated_amount", "-100.00")),
    "finance.bookings": (
        _value("bad_number", "amount", "NaN"), REPEATED, EXTRA_COLUMN,
        _value("negative_amount", "amount", "-1.00"), UNKNOWN,
    ),
    "feedback.surveys": (
        _value("quoted_newline", "comment", 'Two lines:\nsecond, with "quotes"', ACCEPTED),
        _value("out_of_range", "score", "11"),
    ),
}  # fmt: skip


class Dirt:
    """Soils files in the order in which they are written. Without `is_on` it does nothing."""

    def __init__(self, seed: int, *, is_on: bool) -> None:
        self.seed, self.is_on = seed, is_on
        self.blemishes: list[Blemish] = []
        self._seen: dict[str, int] = {}
        self._left = {entity: list(kinds) for entity, kinds in PLAN.items()}
        self._kept: dict[str, list[str | None]] = {}  # a row that a later file repeats

    def before_writing(self, text: TextFile) -> None:
        """Values, duplicates, columns: whatever can be done to rows."""
        number = self._seen.get(text.entity, 0)
        self._seen[text.entity] = number + 1
        left = self._left.get(text.entity)
        if not self.is_on or not left or number < FIRST_DIRTY_FILE or len(text.rows) < LEAST_ROWS:
            self._remember(text)
            return
        rng = stream(self.seed, f"dirt.{text.entity}", number)
        kind = left.pop(0)
        row = int(rng.integers(1, len(text.rows) - 1))
        apply: dict[str, Callable[[TextFile, Kind, int], None]] = {
            "value": self._set_value, "duplicate": self._duplicate, "repeat": self._repeat,
            "order": self._reorder, "column": self._add_column,
        }  # fmt: skip
        if kind.scope in apply:
            apply[kind.scope](text, kind, row)
        else:
            text.wanted.append(kind)
            if kind.scope == "line":
                self._mark(text, kind, row)
        self._remember(text)

    def after_writing(self, text: TextFile, lines: list[str]) -> bytes:
        """Lines and bytes; and now that lines are final, note where each blemish is."""
        header = 1 if text.is_csv else 0
        for kind in text.wanted:
            for row in list(text.marks):
                if kind.scope == "line":
                    lines[row + header] = _spoiled(kind, lines[row + header])
        starts = np.cumsum([1, *(line.count("\n") + 1 for line in lines)])
        for row, blemish in sorted(text.marks.items()):
            self.blemishes.append(
                Blemish(**{**asdict(blemish), "line": int(starts[row + header])})
            )
        content = "".join(f"{line}\n" for line in lines)
        for kind in text.wanted:
            if kind.scope == "bom":
                content = "\ufeff" + content.replace("\n", "\r\n")
                self._note(text, kind, "byte-order mark and CRLF line ends")
        return content.encode()

    def _mark(self, text: TextFile, kind: Kind, row: int, detail: str = "") -> None:
        key = text.rows[row][0]
        text.marks[row] = Blemish(text.path, text.entity, kind.name, kind.expected, None, key, detail)

    def _note(self, text: TextFile, kind: Kind, detail: str) -> None:
        self.blemishes.append(
            Blemish(text.path, text.entity, kind.name, kind.expected, detail=detail)
        )

    def _set_value(self, text: TextFile, kind: Kind, row: int) -> None:
        self._mark(text, kind, row, f"{kind.column} = {kind.value!r}")
        text.rows[row][text.columns.index(kind.column)] = kind.value

    def _duplicate(self, text: TextFile, kind: Kind, row: int) -> None:
        text.rows.insert(row + 1, list(text.rows[row]))
        self._mark(text, kind, row + 1)

    def _repeat(self, text: TextFile, kind: Kind, row: int) -> None:
        text.rows.insert(row, list(self._kept[text.entity]))
        self._mark(text, kind, row)

    def _reorder(self, text: TextFile, kind: Kind, row: int) -> None:
        text.columns.reverse()
        for each in text.rows:
            each.reverse()
        self._note(text, kind, "columns in reverse order")

    def _add_column(self, text: TextFile, kind: Kind, row: int) -> None:
        text.columns.append("export_batch")
        for each in text.rows:
            each.append("7")
        self._note(text, kind, "column export_batch")

    def _remember(self, text: TextFile) -> None:
        """The second row of a clean file: an earlier file's row for `duplicate_across_files`."""
        if not text.marks and len(text.rows) > 1 and text.entity in PLAN:
            width = len(text.columns)
            if text.entity not in self._kept or len(self._kept[text.entity]) == width:
                self._kept[text.entity] = list(text.rows[1])


def _spoiled(kind: Kind, line: str) -> str:
    if kind is EXTRA_FIELD:
        return line + ",?"
    if kind is MISSING_FIELD:
        return line.rsplit(",", 1)[0]
    return line[: len(line) // 2]
