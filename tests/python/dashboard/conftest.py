"""The released sample programme, the dashboard over a copy of it, and a browser.

`DASHBOARD_TEST_WAREHOUSE` names a warehouse to test on that was made before, instead of the sample
that the session makes: for whoever works on the dashboard.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.publishing import query
from orchestration.settings import Settings
from tests.python.dashboard.releases import copied
from tests.python.pipeline.conftest import released as released
from tests.python.pipeline.running import COMMAND


@pytest.fixture(scope="session")
def source(request: pytest.FixtureRequest) -> Path:
    """A warehouse with a release, which nobody may change."""
    given = os.environ.get("DASHBOARD_TEST_WAREHOUSE")
    return Path(given) if given else request.getfixturevalue("released").warehouse


@pytest.fixture(scope="module")
def settings(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the release that a module of tests may add releases to."""
    return copied(source, tmp_path_factory.mktemp("dashboard") / "warehouse")


@dataclass
class Asked:
    """What SQL says of the served release, to hold the dashboard against."""

    settings: Settings

    def rows(self, sql: str, **parameters: object) -> list[tuple]:
        return query(self.settings, sql, parameters or None)[1]

    def one(self, sql: str, **parameters: object) -> object:
        return self.rows(sql, **parameters)[0][0]


@pytest.fixture(scope="module")
def asked(settings: Settings) -> Asked:
    return Asked(settings)


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    """Where `partner-scoring dashboard` answers, started as people start it."""
    process = subprocess.Popen(
        [str(COMMAND), "dashboard", "--port", "0", "--warehouse", str(settings.warehouse)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "dashboard at http://127.0.0.1:" in line, line
        yield line.split()[-1].rstrip("/")
    finally:
        process.terminate()
        process.wait(timeout=30)
