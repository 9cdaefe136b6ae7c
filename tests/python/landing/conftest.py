"""A landing folder of its own for every test.

`LINE_COUNTS=1 pytest tests/python/landing` (or `python tests/python/landing/line_counts.py`)
prints lines, landed, rejected, other and lost per fault fixture.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.python.landing.landing_fixtures import COUNTS, Landing


@pytest.fixture
def landing(tmp_path: Path, request: pytest.FixtureRequest) -> Landing:
    return Landing(tmp_path, request.node.name.removeprefix("test_"))


@pytest.fixture
def new_landing(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], Landing]:
    """For tests that need several folders."""
    made: list[Landing] = []

    def make() -> Landing:
        made.append(Landing(tmp_path / str(len(made)), request.node.name.removeprefix("test_")))
        return made[-1]

    return make


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not os.environ.get("LINE_COUNTS") or not COUNTS:
        return
    write = terminalreporter.write_line
    write("")
    write(
        f"{'fixture':62} {'lines':>8} {'landed':>8} {'rejected':>8} {'other':>6} {'lost':>4}"
        f" {'quarantined files':>18}"
    )
    shown = [count for count in COUNTS if re.match(r"[A-Z]\d+_", count[0])]
    for label, lines, landed, rejected, other, lost, quarantined, files in shown:
        write(
            f"{label[:62]:62} {lines:8} {landed:8} {rejected:8} {other:6} {lost:4}"
            f" {quarantined:6} of {files}"
        )
    write(f"runs of landing: {len(COUNTS)}; lines lost in all of them: {sum(c[5] for c in COUNTS)}")
