"""Which texts of a raw column staging will accept, as SQL conditions made from the contract.

These are the gates of `macros/staging`, said once more because this gate judges raw rows before
dbt runs; a test compares the patterns and days of both. A text passes a full-match pattern before
it is cast: casts accept too much. Tolerances and bounds of a delivery do not belong here.
"""

from datetime import date

from orchestration.contracts import Column
from orchestration.database import literal, quoted

TIMESTAMP = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,9})?"
    "(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
)
DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
INTEGER = "[+-]?[0-9]{1,18}"
BOOLEAN = "true|false|True|False|TRUE|FALSE|1|0"
EARLIEST_PLAUSIBLE_DAY = date(1990, 1, 1)
CLOCK_TOLERANCE_DAYS = 1
EPOCH = date(1970, 1, 1)
DAY = 86_400_000_000
"""Microseconds of a day."""


def moment(column: Column) -> str:
    """SQL of microseconds since 1970 (UTC), or null where the text is no date or timestamp.

    Microseconds and not a timestamp, so that no session time zone can take part.
    """
    text = quoted(column.name)
    if column.data_type == "date":
        return _when(text, DATE, f"epoch_us(cast(try_cast({text} as date) as timestamp))")
    return _when(text, TIMESTAMP, f"epoch_us(try_cast({text} as timestamptz))")


def latest_moment() -> str:
    """SQL of the first microsecond that is in the future of the row's landing."""
    return f"epoch_us(date_trunc('day', _loaded_at)) + {(CLOCK_TOLERANCE_DAYS + 1) * DAY}"


def accepted(column: Column) -> str | None:
    """SQL that is true where a text that is there will be accepted; None if any text is."""
    text = quoted(column.name)
    conditions = _typed(column)
    if column.values:
        conditions.append(f"{text} in ({', '.join(map(literal, column.values))})")
    if column.pattern:
        conditions.append(f"regexp_full_match({text}, {literal(column.pattern)})")
    if not conditions:
        return None
    return f"({text} is null or coalesce({' and '.join(conditions)}, false))"


def in_words(column: Column) -> str:
    """What is accepted, for people."""
    kinds = {
        "timestamp": "an ISO 8601 time with seconds and offset, such as 2026-01-31T09:30:00Z",
        "date": "a date YYYY-MM-DD",
        "integer": "a whole number",
        "boolean": "true or false",
        "string": "a text",
    }
    words = [kinds.get(column.data_type, f"a plain {column.data_type}")]
    if column.data_type in ("timestamp", "date"):
        words.append(f"not before {EARLIEST_PLAUSIBLE_DAY}")
        if not column.may_be_future:
            words.append("not in the future of its landing")
    if column.minimum is not None:
        words.append(f"at least {column.minimum:g}")
    if column.maximum is not None:
        words.append(f"at most {column.maximum:g}")
    if column.values:
        words.append("one of " + ", ".join(column.values))
    if column.pattern:
        words.append(f"of the form {column.pattern}")
    return ", ".join(words)


def _typed(column: Column) -> list[str]:
    """Conditions of the type and its range; each is false or null where the cast fails."""
    text = quoted(column.name)
    if column.data_type == "string":
        return []
    if column.data_type in ("timestamp", "date"):
        earliest = (EARLIEST_PLAUSIBLE_DAY - EPOCH).days * DAY
        if column.may_be_future:
            return [f"{moment(column)} >= {earliest}"]
        return [f"{moment(column)} between {earliest} and {latest_moment()} - 1"]
    if column.data_type == "boolean":
        return [f"regexp_full_match({text}, {literal(BOOLEAN)})"]
    if column.data_type == "integer":
        number = _when(text, INTEGER, f"try_cast({text} as bigint)")
    else:
        number = _when(
            text, decimal_pattern(column.data_type), f"try_cast({text} as {column.data_type})"
        )
    bounds = []
    if column.minimum is not None:
        bounds.append(f"{number} >= {column.minimum}")
    if column.maximum is not None:
        bounds.append(f"{number} <= {column.maximum}")
    return bounds or [f"{number} is not null"]


def decimal_pattern(data_type: str) -> str:
    """How a decimal(p,s) is written: no exponent, no comma, no digit that the cast would lose."""
    precision, scale = map(int, data_type.removeprefix("decimal(").removesuffix(")").split(","))
    return f"[+-]?[0-9]{{1,{precision - scale}}}(?:[.][0-9]{{0,{scale}}}0*)?"


def _when(text: str, pattern: str, value: str) -> str:
    return f"case when regexp_full_match({text}, {literal(pattern)}) then {value} end"
