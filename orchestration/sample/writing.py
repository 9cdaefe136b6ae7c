"""Files of the landing folder: which record goes into which file, and in which format.

A file holds one entity and one period (by the event of its records); it is written once the
simulation has passed the period, so memory holds a few weeks at a time. The same records give the
same bytes: gzip carries no time, rows are sorted by event and key.
"""

import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.sample.dirt import Dirt, TextFile
from orchestration.sample.parameters import DAY_SECONDS
from orchestration.sample.records import SHAPES, Batch, as_known, changed, join
from orchestration.sample.rendering import Renderer, texts

NUMERIC_KINDS = ("number",)
BEFORE_EVERYTHING = 0  # seconds; no record is older than 1970


@dataclass(frozen=True)
class Slice:
    """Records written after `after` and up to `through` (seconds); `label` names their files,
    None: by the period of the event."""

    after: int
    through: int
    label: str | None = None


class Writer:
    """Takes batches in the order of weeks and writes files."""

    def __init__(
        self, landing: Path, renderer: Renderer, slices: list[Slice], *, is_large: bool, dirt: Dirt
    ) -> None:
        self.landing, self.renderer, self.slices = landing, renderer, slices
        self.is_large, self.dirt = is_large, dirt
        self.files: list[str] = []
        self.rows: dict[str, int] = dict.fromkeys(SHAPES, 0)
        self.last_event = BEFORE_EVERYTHING
        self._pending: dict[tuple[str, str], list[Batch]] = defaultdict(list)
        self._period_ends: dict[tuple[str, str], int] = {}

    def take(self, batch: Batch) -> None:
        for each in self.slices:
            chosen = np.flatnonzero(changed(batch, each.after, each.through))
            if len(chosen):
                self._file_away(as_known(batch.take(chosen), each.through), each)

    def settle(self, now: int, report: Callable[[str], None] | None = None) -> None:
        """Write the files of periods that ended before `now`; nothing older will come."""
        for key in sorted(key for key, end in self._period_ends.items() if end <= now):
            self._write(*key)
            if report:
                report(self.files[-1])

    def finish(self, report: Callable[[str], None] | None = None) -> None:
        self.settle(np.iinfo(np.int64).max, report)

    def _file_away(self, batch: Batch, part: Slice) -> None:
        shape = SHAPES[batch.entity]
        event = batch.columns[shape.event]
        if part.label is not None:
            self._keep(batch, part.label, part.through)
            return
        period = "month" if self.is_large and shape.is_bulky else shape.period
        month = event.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
        length = {"month": 1, "quarter": 3, "year": 12}[period]
        number = month // length
        for each in np.unique(number):
            first_month = int(each) * length
            end = np.datetime64(first_month + length, "M").astype("datetime64[s]").astype(np.int64)
            self._keep(batch.take(number == each), _label(first_month, period), int(end))

    def _keep(self, batch: Batch, label: str, end: int) -> None:
        self._pending[batch.entity, label].append(batch)
        self._period_ends[batch.entity, label] = end

    def _write(self, entity: str, label: str) -> None:
        del self._period_ends[entity, label]
        batch = join(self._pending.pop((entity, label)))
        shape = SHAPES[entity]
        event = batch.columns[shape.event]
        batch = batch.take(np.lexsort((batch.columns[shape.columns[0].name], event)))
        self.last_event = max(self.last_event, int(event.max()))
        file_format = "parquet" if self.is_large and shape.is_bulky else shape.file_format
        source, name = entity.split(".")
        path = f"{source}/{name}/{name}_{label}.{file_format}"
        table = self.renderer.table(batch)
        if file_format == "parquet":
            self._put(path, _parquet(table))
            self.rows[entity] += batch.size
        else:
            columns = [each.name for each in shape.columns]
            cells = texts(table, entity, self.renderer.offsets(batch))
            text = TextFile(entity, path, columns, [list(row) for row in zip(*cells, strict=True)])
            self.dirt.before_writing(text)
            lines = _csv_lines(text) if "csv" in file_format else _json_lines(text)
            content = self.dirt.after_writing(text, lines)
            self._put(path, _packed(content) if file_format.endswith(".gz") else content)
            self.rows[entity] += len(text.rows)
        self.files.append(path)

    def _put(self, path: str, content: bytes) -> None:
        """Whole or not at all: landing never sees a file that is still being written."""
        target = self.landing / path
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.part")
        unfinished.write_bytes(content)
        unfinished.replace(target)


def _label(first_month: int, period: str) -> str:
    year, month = 1970 + first_month // 12, first_month % 12 + 1
    if period == "month":
        return f"{year}-{month:02d}"
    return f"{year}-Q{(month + 2) // 3}" if period == "quarter" else f"{year}"


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _packed(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0, compresslevel=6) as packed:
        packed.write(content)
    return buffer.getvalue()


def _csv_lines(text: TextFile) -> list[str]:
    """The header and one element per record; a record with a quoted line end spans two lines."""
    lines = []
    rows: list[list[str | None]] = [list(text.columns), *text.rows]
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="").writerow(row)
        lines.append(buffer.getvalue())
    return lines


def _json_lines(text: TextFile) -> list[str]:
    kinds = {each.name: each.kind for each in SHAPES[text.entity].columns}
    lines = []
    for row in text.rows:
        record = {
            name: int(value)
            if value is not None and kinds.get(name) in NUMERIC_KINDS and value.isdigit()
            else value
            for name, value in zip(text.columns, row, strict=True)
        }
        lines.append(json.dumps(record, ensure_ascii=False))
    return lines


def midnight_after(day: date) -> int:
    """Seconds at the end of a day in UTC."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int(start.timestamp()) + DAY_SECONDS


def last_day(writer: Writer) -> date | None:
    """The last day (UTC) with an event; None if nothing was written."""
    return datetime.fromtimestamp(writer.last_event, UTC).date() if writer.files else None
