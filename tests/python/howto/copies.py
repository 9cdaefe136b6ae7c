"""A copy of the project with a warehouse of its own, to which the diff of a how-to is applied."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from orchestration.preparation import READ_BY_DBT
from orchestration.settings import PROJECT_DIR, Settings

HOW_TO = PROJECT_DIR / "docs" / "how-to"

LAND_AND_CHECK = """
from orchestration import quality
from orchestration.database import connect
from orchestration.landing import land
from orchestration.settings import Settings
settings = Settings()
report = land(settings, settle_seconds=0)
assert not report.files_quarantined, report
with connect(settings) as connection:
    quality.ensure_tables(connection)
results = quality.run_gate(settings, "arrival", run_id="copy", as_of=None)
assert not quality.blocking_failures(results), quality.blocking_failures(results)
"""


def diff_of(how_to: str) -> str:
    """The diff that a page shows, block by block."""
    text = (HOW_TO / f"{how_to}.md").read_text(encoding="utf-8")
    return "".join(re.findall(r"^```diff\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


def touched_by(diff: str) -> set[str]:
    """The files that a diff changes or makes."""
    return set(re.findall(r"^\+\+\+ b/(.+)$", diff, re.MULTILINE))


@dataclass
class ProjectCopy:
    """What dbt and Python need of the project, beside a landing folder and a warehouse."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "project"

    @cached_property
    def settings(self) -> Settings:
        return Settings(landing=self.folder / "landing", warehouse=self.folder / "warehouse")

    def take(self) -> "ProjectCopy":
        """Copy the project's files as they are."""
        self.project.mkdir(parents=True)
        for name in (*READ_BY_DBT, "orchestration"):
            if (PROJECT_DIR / name).is_file():
                shutil.copy2(PROJECT_DIR / name, self.project / name)
            else:
                shutil.copytree(
                    PROJECT_DIR / name,
                    self.project / name,
                    ignore=shutil.ignore_patterns("__pycache__"),
                )
        return self

    def patched(self, folder: Path, how_to: str) -> "ProjectCopy":
        """Another copy, data included, with the diff of a page."""
        shutil.copytree(self.folder, folder, symlinks=True)
        other = ProjectCopy(folder)
        subprocess.run(
            ["git", "apply", "--whitespace=error-all"],
            input=diff_of(how_to),
            cwd=other.project,
            # Within a git repository paths would be those of the repository.
            env={**os.environ, "GIT_CEILING_DIRECTORIES": str(folder)},
            text=True,
            check=True,
        )
        return other

    def write(self, path: str, text: str) -> None:
        """A file below the landing folder."""
        target = self.settings.landing / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.lstrip("\n"), encoding="utf-8")

    def land(self) -> None:
        """Land what is new and let the arrival gate judge it, by the copy's code."""
        self._call(sys.executable, "-c", LAND_AND_CHECK)

    def build(self, *words: str) -> None:
        """`dbt build`: models, seeds and every test of the copy."""
        dbt = str(Path(sys.executable).with_name("dbt"))
        self._call(dbt, "--no-use-colors", "build", "--full-refresh", *words)

    def _call(self, *words: str) -> None:
        done = subprocess.run(
            words,
            cwd=self.project,
            env={
                **self.settings.environment(),
                "DBT_PROFILES_DIR": str(self.project),
                "PYTHONPATH": str(self.project),
            },
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]

    def approve(self, version: int, effective_from: str) -> None:
        """The four teams approve a proposed version, on the day from which it applies."""
        path = self.project / "seeds" / "policy" / "framework_versions.csv"
        text = path.read_text(encoding="utf-8")
        proposed = rf"^{version},proposed,(.*),\d{{4}}-\d\d-\d\d,(\d+),,,"
        teams = "sales; marketing; operations; partner success"
        approved = rf"{version},approved,\1,{effective_from},\2,{teams},{effective_from},"
        changed, count = re.subn(proposed, approved, text, flags=re.MULTILINE)
        assert count == 1
        path.write_text(changed, encoding="utf-8")

    def rows(self, sql: str) -> list[tuple]:
        """Rows of the working database."""
        with duckdb.connect(str(self.settings.working_database), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            return connection.execute(sql).fetchall()
