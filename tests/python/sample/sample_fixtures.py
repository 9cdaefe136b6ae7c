"""Readers of what the generator wrote, for its tests."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]


def content(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


def rows_of(path: Path) -> Iterator[Row]:
    """Rows of a clean file: text for CSV, typed for JSON and Parquet; None where empty."""
    if path.suffix == ".parquet":
        yield from pq.read_table(path).to_pylist()
    elif ".jsonl" in path.name:
        yield from map(json.loads, content(path).decode().splitlines())
    else:
        for row in csv.DictReader(io.StringIO(content(path).decode(), newline="")):
            yield {name: value or None for name, value in row.items()}
