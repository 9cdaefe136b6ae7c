"""How tests run the pipeline: through the command line in another process, as people do, or through
landing and dbt alone where only the models are in question."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from orchestration import quality
from orchestration.database import connect
from orchestration.landing import LandingReport, land
from orchestration.settings import PROJECT_DIR, Settings

COMMAND = Path(sys.executable).with_name("partner-scoring")
SCORES = (
    *("+path:models/frameworks", "+path:models/scores", "+path:models/marts/scores"),
    *("activities", "+set_aside_records", "+framework_breadth"),
)
BENCHMARKS = ("path:models/benchmarks", "path:models/marts/benchmarks")


@dataclass
class Programme:
    """A landing folder and a warehouse of their own."""

    folder: Path

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse"

    @property
    def served(self) -> str:
        """The id of the release that readers find."""
        return (self.warehouse / "releases" / "current").resolve().name

    def settings(self, **given: object) -> Settings:
        return Settings(landing=self.landing, warehouse=self.warehouse, **given)  # type: ignore[arg-type]

    def write(self, path: str, text: str | bytes) -> Path:
        """A file below the landing folder."""
        target = self.landing / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target

    def command(
        self, *words: str, code: int | None = 0, **env: str
    ) -> subprocess.CompletedProcess[str]:
        """`partner-scoring WORDS` in another process; `code` is the exit code that must come."""
        done = subprocess.run(
            [str(COMMAND), *words],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={
                **os.environ,
                "PARTNER_SCORING_LANDING": str(self.landing),
                "PARTNER_SCORING_WAREHOUSE": str(self.warehouse),
                "COLUMNS": "200",
                **env,
            },
        )
        if code is not None:
            assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def land(self, now: datetime | None = None) -> LandingReport:
        return land(self.settings(), now=now, settle_seconds=0)

    def build(self, *words: str, **variables: str | None) -> None:
        """`dbt build` of models and seeds without tests: the selected ones, or the scores with all
        that they are made of."""
        if "--select" not in words:
            words = (*words, "--select", *SCORES)
        build_models(self.settings(), *words, **variables)

    def rows(self, sql: str) -> list[tuple]:
        """Rows of the working database."""
        with duckdb.connect(str(self.settings().working_database), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            return connection.execute(sql).fetchall()

    def released(self, sql: str) -> list[tuple]:
        """Rows of the served release."""
        path = (self.warehouse / "releases" / "current").resolve() / "partner_scoring.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@cache
def parsed_project() -> object:
    """dbt's manifest, parsed once for all tests of a session."""
    from dbt.cli.main import dbtRunner

    with tempfile.TemporaryDirectory() as folder:
        words = ["--quiet", "parse", "--project-dir", str(PROJECT_DIR), "--target-path", folder]
        done = dbtRunner().invoke([*words, "--profiles-dir", str(PROJECT_DIR)])
    assert done.success, done.exception
    return done.result


def run_dbt(settings: Settings, *words: str) -> object:
    """dbt in this process, which saves its start; gives dbt's result, or fails the test."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    before = dict(os.environ)
    os.environ.update(settings.environment())
    try:
        done = dbtRunner(manifest=parsed_project()).invoke(
            ["--quiet", *words, "--project-dir", str(PROJECT_DIR)]
        )
    finally:
        # dbt keeps the file open, and with it locked, until it is told to let go.
        DuckDBConnectionManager.close_all_connections()
        os.environ.clear()
        os.environ.update(before)
    return done


def build_models(settings: Settings, *words: str, **variables: str | None) -> None:
    """Build seeds and models, without tests."""
    for folder in (settings.dbt_target, settings.temp):
        folder.mkdir(parents=True, exist_ok=True)
    with connect(settings) as connection:
        quality.ensure_tables(connection)
    given = {name: value for name, value in variables.items() if value}
    done = run_dbt(
        settings,
        *("build", "--resource-type", "model", "--resource-type", "seed"),
        *("--vars", json.dumps(given), *words),
    )
    failed = [
        f"{each.node.name}: {each.message}"
        for each in getattr(done.result, "results", [])  # type: ignore[attr-defined]
        if str(each.status) in ("error", "fail")
    ]
    assert done.success, failed or done.exception  # type: ignore[attr-defined]
