"""What must exist before Dagster can load the project: folders, its instance file, dbt's manifest.

Idempotent and quick when nothing changed. No data is touched here.
"""

import os
import subprocess
import sys
from pathlib import Path

from orchestration.settings import PROJECT_DIR, Settings
from orchestration.versions import digest

DAGSTER_YAML = """\
# Written by partner-scoring; edits are overwritten.
telemetry:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
  pools:
    # DuckDB allows one writing process.
    default_limit: 1
"""


class PreparationError(RuntimeError):
    """The project cannot be loaded; the message holds what dbt said."""


def prepare(settings: Settings, project: Path = PROJECT_DIR) -> Path:
    """Make folders, Dagster's instance file and dbt's manifest; gives the manifest's path."""
    for folder in (settings.warehouse, settings.dagster_home, settings.temp, settings.dbt_target):
        folder.mkdir(parents=True, exist_ok=True)
    instance_file = settings.dagster_home / "dagster.yaml"
    if not instance_file.exists() or instance_file.read_text() != DAGSTER_YAML:
        instance_file.write_text(DAGSTER_YAML)
    os.environ.update(settings.environment())
    return _manifest(settings, project)


def _manifest(settings: Settings, project: Path) -> Path:
    """dbt's manifest, parsed anew when the project or a variable changed since the last time."""
    manifest = settings.dbt_target / "manifest.json"
    stamp = settings.dbt_target / "manifest.stamp"
    wanted = digest(
        ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests/dbt"), project
    )
    if manifest.exists() and stamp.exists() and stamp.read_text() == wanted:
        return manifest
    dbt = Path(sys.executable).with_name("dbt")
    parsed = subprocess.run(
        [
            str(dbt),
            "--quiet",
            "parse",
            "--project-dir",
            str(project),
            "--profiles-dir",
            str(project),
        ],
        cwd=project,
        capture_output=True,
        text=True,
    )
    if parsed.returncode:
        raise PreparationError(f"dbt cannot parse the project:\n{parsed.stdout}{parsed.stderr}")
    stamp.write_text(wanted)
    return manifest
