"""Samples that the tests of the generator share, and readers of what was written."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from orchestration.sample import SampleSummary, generate

Row = dict[str, Any]


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """The default programme without dirt."""
    return generate(tmp_path_factory.mktemp("clean") / "landing", dirty=False)


@pytest.fixture(scope="session")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """The default programme."""
    return generate(tmp_path_factory.mktemp("dirty") / "landing")


@pytest.fixture(scope="session")
def records(clean: SampleSummary) -> Callable[[str], list[Row]]:
    """All rows of an entity of the clean programme."""
    cache: dict[str, list[Row]] = {}

    def read(entity: str) -> list[Row]:
        if entity not in cache:
            folder = clean.landing / entity.replace(".", "/")
            cache[entity] = [row for path in sorted(folder.iterdir()) for row in _rows_of(path)]
        return cache[entity]

    return read


@pytest.fixture(scope="session")
def content() -> Callable[[Path], bytes]:
    """The bytes of a file, unpacked."""
    return _content


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Path], Iterator[Row]]:
    """The rows of a clean file."""
    return _rows_of


def _content(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


def _rows_of(path: Path) -> Iterator[Row]:
    """Rows of a clean file: text for CSV, typed for JSON and Parquet; None where empty."""
    if path.suffix == ".parquet":
        yield from pq.read_table(path).to_pylist()
    elif ".jsonl" in path.name:
        yield from map(json.loads, _content(path).decode().splitlines())
    else:
        for row in csv.DictReader(io.StringIO(_content(path).decode(), newline="")):
            yield {name: value or None for name, value in row.items()}
