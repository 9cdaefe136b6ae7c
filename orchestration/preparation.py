"""What must exist before Dagster can load the project: folders, its instance file, dbt's manifest.

Idempotent and quick when nothing changed. No data is touched here.
"""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

from orchestration.engines import EngineMissing, check_engine
from orchestration.settings import PROJECT_DIR, Settings
from orchestration.versions import digest

DAGSTER_YAML = """\
# Written by partner-scoring; edits are overwritten.
telemetry:
  enabled: false
event_log_storage:
  module: orchestration.event_log
  class: EventLog
  config:
    base_dir:
      env: DAGSTER_HOME
concurrency:
  runs:
    max_concurrent_runs: 1
  pools:
    # DuckDB allows one writing process.
    default_limit: 1
"""


READ_BY_DBT = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests/dbt")


class PreparationError(RuntimeError):
    """The project cannot be loaded; the message holds what dbt said."""


def prepare(settings: Settings, project: Path = PROJECT_DIR) -> Path:
    """Make folders, Dagster's instance file and dbt's manifest; gives the manifest's path."""
    try:
        check_engine(settings.target)
    except EngineMissing as error:
        raise PreparationError(str(error)) from error
    folders = [settings.warehouse, settings.dagster_home, settings.temp, settings.dbt_target]
    if settings.is_on_spark:
        folders.append(settings.spark_catalogue)
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    instance_file = settings.dagster_home / "dagster.yaml"
    if not instance_file.exists() or instance_file.read_text() != DAGSTER_YAML:
        instance_file.write_text(DAGSTER_YAML)
    os.environ.update(settings.environment())
    return _manifest(settings, project)


def variables_of(settings: Settings) -> list[str]:
    """The words that give dbt the variables of a run. Parse and build must be given the same: other
    variables make dbt read the whole project anew."""
    given = settings.dbt_variables()
    return ["--vars", json.dumps(given)] if given else []


def _manifest(settings: Settings, project: Path) -> Path:
    """dbt's manifest, parsed anew when the project or a variable changed since the last time."""
    manifest = settings.dbt_target / "manifest.json"
    stamp = settings.dbt_target / "manifest.stamp"
    wanted = " ".join([digest(READ_BY_DBT, project), settings.target, *variables_of(settings)])
    if manifest.exists() and stamp.exists() and stamp.read_text() == wanted:
        return manifest
    words = ["--quiet", "parse", "--project-dir", str(project), "--profiles-dir", str(project)]
    words += variables_of(settings)
    dbt = str(Path(sys.executable).with_name("dbt"))
    with subprocess.Popen(
        [dbt, *words], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as parsing:
        # dbt parses on one core; the other one can load what the run needs next.
        _load_libraries()
        said, _ = parsing.communicate()
    if parsing.returncode:
        raise PreparationError(f"dbt cannot parse the project:\n{said}")
    stamp.write_text(wanted)
    return manifest


def _load_libraries() -> None:
    for name in ("dagster", "dagster_dbt", "great_expectations"):
        importlib.import_module(name)
