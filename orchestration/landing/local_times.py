"""Local times of a contract's zone, given the offset that held there and then.

Rule, for times without an offset: one that occurs twice (clocks set back) is taken as its first
occurrence; one that does not exist (clocks set forward) is shifted forward by the gap. Both are
flagged. Times with an offset, and text that is no time, stay as they are.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

NAIVE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?$"
MINUTE = len("2017-01-02T03:04")
TWICE = "occurs twice (clocks set back): first occurrence taken"
NEVER = "does not exist (clocks set forward): shifted forward"


class LocalTimes:
    """Adds offsets of one zone. Zones change on whole minutes, so each minute is asked once."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._known: dict[str, tuple[str, str, str | None]] = {}

    def of_column(self, column: pa.Array) -> tuple[pa.Array, pa.Array | None]:
        """The column with offsets, and a column of flags (None where nothing is flagged)."""
        is_naive = pc.fill_null(pc.match_substring_regex(column, NAIVE), False)
        if not pc.any(is_naive).as_py():
            return column, None
        naive = pc.if_else(is_naive, column, None)
        minutes = pc.utf8_slice_codeunits(naive, 0, MINUTE).dictionary_encode()
        resolved = [self._resolve(minute) for minute in minutes.dictionary.to_pylist()]
        parts = [
            pa.array([entry[at] for entry in resolved], pa.string()).take(minutes.indices)
            for at in range(3)
        ]
        rest = pc.utf8_slice_codeunits(naive, MINUTE)
        text = pc.binary_join_element_wise(parts[0], rest, parts[1], "")
        flags = parts[2] if parts[2].null_count < len(column) else None
        return pc.if_else(is_naive, text, column), flags

    def _resolve(self, minute: str) -> tuple[str, str, str | None]:
        """The minute to write, its offset, and a flag."""
        found = self._known.get(minute)
        if found is None:
            found = self._known[minute] = self._ask(minute)
        return found

    def _ask(self, minute: str) -> tuple[str, str, str | None]:
        try:
            local = datetime.fromisoformat(minute)
        except ValueError:  # such as 30 February: left for staging to quarantine
            return minute, "", None
        first = local.replace(tzinfo=self._zone, fold=0)
        second = local.replace(tzinfo=self._zone, fold=1)
        if first.utcoffset() == second.utcoffset():
            return minute, _offset(first), None
        back = first.astimezone(UTC).astimezone(self._zone)
        if back.replace(tzinfo=None) == local:
            return minute, _offset(first), TWICE
        return back.strftime(f"%Y-%m-%d{minute[10]}%H:%M"), _offset(back), NEVER


def _offset(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    sign = "-" if offset < timedelta() else "+"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    text = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text
