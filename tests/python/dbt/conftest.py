"""A small programme, landed and built once; each test gets it whole and leaves it as it was."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.database import connect
from orchestration.landing import land
from orchestration.quality.results import ensure_tables
from orchestration.sample import generate
from orchestration.settings import PROJECT_DIR, Settings


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """25 partners over 40 weeks through all of dbt, data tests included."""
    folder = tmp_path_factory.mktemp("dbt")
    settings = Settings(landing=folder / "landing", warehouse=folder / "warehouse", threads=1)
    settings.warehouse.mkdir()
    generate(settings.landing, partners=25, weeks=40)
    land(settings, settle_seconds=0)
    with connect(settings) as connection:
        ensure_tables(connection)
    build = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "--quiet", "build", "--full-refresh"),
            *("--exclude-resource-type", "unit_test"),
        ],
        cwd=PROJECT_DIR,
        env=settings.environment(),
        capture_output=True,
        text=True,
    )
    assert build.returncode == 0, build.stdout + build.stderr
    return settings


@pytest.fixture
def database(built: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working database in a transaction that is rolled back."""
    with duckdb.connect(str(built.working_database)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("begin")
        yield connection
        connection.execute("rollback")


@pytest.fixture
def compiled(built: Settings) -> Callable[[str], str]:
    """The SQL that dbt made of a file of the project, or of a generic test."""
    folder = built.dbt_target / "compiled" / "partner_scoring"

    def read(name: str) -> str:
        (path,) = (each for each in folder.rglob(f"{name}.sql") if each.is_file())
        return path.read_text().rstrip().rstrip(";")

    return read
