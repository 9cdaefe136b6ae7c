"""Dirt: the few lines that real exports get wrong, each written down with what should become of it.

Only single rows and harmless oddities of a file, never a file that must be quarantined whole: those
are made by the tests of landing. Every blemish is recorded in the truth (`dirt.json`).
"""

from dataclasses import dataclass

from orchestration.sample.randomness import stream

REJECTED = "rejected"  # the line does not fit the structure of its file
QUARANTINED = "quarantined"  # the row has landed and a value cannot be typed or is not allowed
HELD = "held"  # the partner is unknown so far
IGNORED_DUPLICATE = "ignored_duplicate"  # landed twice, counted once
ACCEPTED = "accepted"  # odd but right

FIRST_DIRTY_FILE = 2  # the first files of an entity stay clean: a history to compare with
LEAST_ROWS = 60  # one blemish in fewer rows is more than an ordinary export shows
UNKNOWN_PARTNER = "P-999999"
NEXT_PARTNER = "next"  # stands for the first partner that signs after the end of the sample
BYTE_ORDER_MARK = "\ufeff"
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
    column: str = ""


@dataclass
class TextFile:
    """A CSV or JSONL file as rows of text, before it is written. None is an empty value."""

    entity: str
    path: str
    columns: list[str]
    rows: list[list[str | None]]
    kind: "Kind | None" = None  # what is wrong with it
    row: int | None = None  # in which row, where it is about one

    @property
    def is_csv(self) -> bool:
        return ".csv" in self.path


@dataclass(frozen=True)
class Kind:
    """A kind of blemish planned for an entity; `column` and `value` for those that set a value.

    `scope`: value, copy (a soiled copy beside the right row), duplicate, repeat (of an earlier
    file), line, columns or bytes.
    """

    name: str
    expected: str
    column: str = ""
    value: str | None = None
    scope: str = "value"


def _value(name: str, column: str, value: str | None, expected: str = QUARANTINED) -> Kind:
    return Kind(name, expected, column, value)


EXTRA_FIELD = Kind("extra_field", REJECTED, scope="line")
MISSING_FIELD = Kind("missing_field", REJECTED, scope="line")
BROKEN_JSON = Kind("broken_json", REJECTED, scope="line")
DUPLICATE = Kind("duplicate_in_file", IGNORED_DUPLICATE, scope="duplicate")
REPEATED = Kind("duplicate_across_files", IGNORED_DUPLICATE, scope="repeat")
UNKNOWN = _value("unknown_partner", "partner_id", UNKNOWN_PARTNER, HELD)
EARLY = _value("partner_arrives_later", "partner_id", NEXT_PARTNER, HELD)
BOM_CRLF = Kind("bom_and_crlf", ACCEPTED, scope="bytes")
REORDERED = Kind("reordered_columns", ACCEPTED, scope="columns")
EXTRA_COLUMN = Kind("unknown_column", ACCEPTED, scope="columns")

# In this order, one per file: spread over the years like real slips.
PLAN: dict[str, tuple[Kind, ...]] = {
    # a copy, since a partner whose only row is wrong would take all its records with it
    "crm.partners": (Kind("unknown_word", QUARANTINED, "track", "franchise", "copy"), DUPLICATE),
    "crm.activities": (
        _value("bad_time", "occurred_at", "last Tuesday"), EXTRA_FIELD, DUPLICATE, UNKNOWN,
        _value("unknown_word", "kind", "lunch"), MISSING_FIELD, REPEATED,
        _value("future_time", "occurred_at", FAR_FUTURE), EARLY, REPEATED,
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

    def __init__(self, seed: int, *, is_on: bool, next_partner: str = UNKNOWN_PARTNER) -> None:
        self.seed, self.is_on, self.next_partner = seed, is_on, next_partner
        self.blemishes: list[Blemish] = []
        self._seen: dict[str, int] = {}
        self._left = {entity: list(kinds) for entity, kinds in PLAN.items()} if is_on else {}
        self._earlier: dict[str, list[str | None]] = {}  # the first row of the file before

    def before_writing(self, text: TextFile) -> None:
        """Values, duplicates, columns: whatever can be done to rows."""
        number = self._seen.get(text.entity, 0)
        self._seen[text.entity] = number + 1
        earlier = self._earlier.get(text.entity, [])
        self._earlier[text.entity] = list(text.rows[0])
        left = self._left.get(text.entity)
        if not left or number < FIRST_DIRTY_FILE or len(text.rows) < LEAST_ROWS:
            return
        text.kind = kind = left.pop(0)
        rng = stream(self.seed, f"dirt.{text.entity}", number)
        row = int(rng.integers(1, len(text.rows) - 1))  # not the first, which may be repeated later
        match kind.scope:
            case "columns":
                _change_columns(text, kind)
                return
            case "bytes":
                return
            case "copy" | "duplicate":
                text.rows.insert(row + 1, list(text.rows[row]))
                row += 1
            case "repeat":
                text.rows.insert(row, earlier)
        text.row = row
        if kind.column:
            value = self.next_partner if kind.value == NEXT_PARTNER else kind.value
            text.rows[row][text.columns.index(kind.column)] = value

    def after_writing(self, text: TextFile, lines: list[str]) -> bytes:
        """Lines and bytes; and now that lines are final, note where the blemish is."""
        kind = text.kind
        if kind is None:
            return "".join(f"{line}\n" for line in lines).encode()
        line = None
        record = None
        if text.row is not None:
            place = text.row + (1 if text.is_csv else 0)
            line = 1 + place + sum(each.count("\n") for each in lines[:place])
            record = text.rows[text.row][0]
            if kind.scope == "line":
                lines[place] = _spoiled(kind, lines[place])
        self.blemishes.append(
            Blemish(text.path, text.entity, kind.name, kind.expected, line, record, kind.column)
        )
        content = "".join(f"{line}\n" for line in lines)
        if kind is BOM_CRLF:
            content = BYTE_ORDER_MARK + content.replace("\n", "\r\n")
        return content.encode()


def _change_columns(text: TextFile, kind: Kind) -> None:
    """Reverse them, or add one that the contract does not know."""
    if kind is REORDERED:
        text.columns.reverse()
        for row in text.rows:
            row.reverse()
    else:
        text.columns.append("export_batch")
        for row in text.rows:
            row.append("7")


def _spoiled(kind: Kind, line: str) -> str:
    if kind is EXTRA_FIELD:
        return line + ",?"
    if kind is MISSING_FIELD:
        return line.rsplit(",", 1)[0]
    return line[: len(line) // 2]
