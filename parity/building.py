"""Builds the same landed files on both engines and opens what they wrote for comparison.

dbt runs in a process of its own for each engine, as in a run of the pipeline; a Spark session is
opened here only to write out what Spark keeps.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from orchestration import lake, landing, quality
from orchestration.preparation import prepare, variables_of
from orchestration.settings import PROJECT_DIR, Settings
from parity.tables import Table

ADD = ("build", "--resource-type", "seed", "--resource-type", "model")
BUILD = (*ADD, "--full-refresh")


class BuildError(RuntimeError):
    """An engine did not build the project; the message ends with what dbt said last."""


def forget_folders() -> None:
    """A warehouse of its own has a lake and tables of its own, whatever the environment says."""
    for name in ("PARTNER_SCORING_LAKE", "PARTNER_SCORING_SPARK_TABLES"):
        os.environ.pop(name, None)


def land(settings: Settings) -> None:
    """Files to raw tables to the lake, judged by the gate whose results a mart shows."""
    prepare(settings)
    landing.land(settings, settle_seconds=0)
    quality.run_gate(settings, "arrival", run_id="parity", as_of=settings.as_of)
    lake.write(settings)


def build(settings: Settings, target: str, words: Sequence[str] = BUILD) -> float:
    """Build all seeds and models with dbt on `target`; gives the seconds it took."""
    folder = settings.warehouse / f"dbt_{target}"
    environment = {
        **settings.environment(),
        "DBT_TARGET": target,
        "DBT_TARGET_PATH": str(folder),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    folder.mkdir(parents=True, exist_ok=True)
    settings.spark_catalogue.mkdir(parents=True, exist_ok=True)
    dbt = str(Path(sys.executable).with_name("dbt"))
    started = time.monotonic()
    done = subprocess.run(
        [dbt, *words, *variables_of(settings)],
        cwd=PROJECT_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    (folder / "said.log").write_text(done.stdout, encoding="utf-8")
    if done.returncode:
        said = "\n".join(done.stdout.strip().splitlines()[-60:])
        raise BuildError(f"dbt does not build on {target}; all it said: {folder}/said.log\n{said}")
    return time.monotonic() - started


def written_out(settings: Settings, tables: Sequence[Table], target: str) -> dict[Table, str]:
    """Folders of Parquet files; what Spark keeps otherwise is written out first."""
    folder = settings.warehouse / "parity"
    found = {
        table: f"{settings.spark_tables}/{table.schema}.db/{table.name}"
        if table.has_files
        else f"{folder}/{table.schema}/{table.name}"
        for table in tables
    }
    with _asking(target, {**os.environ, **settings.environment()}) as ask:
        for table, path in found.items():
            if not table.has_files:
                into = f"insert overwrite directory '{path}' using parquet"
                ask(f"{into} select /*+ coalesce(1) */ * from {table}")
    return found


@contextmanager
def _asking(target: str, environment: Mapping[str, str]) -> Iterator[Callable[[str], object]]:
    """Something that runs SQL where dbt ran it."""
    if target == "spark_thrift":
        from pyhive import hive

        stated = _outputs(target, environment)
        with closing(hive.connect(stated["host"], int(stated["port"]))) as connection:
            yield connection.cursor().execute
        return
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.enableHiveSupport()
    for name, value in spark_settings(target, environment).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session.sql
    finally:
        session.stop()


def spark_settings(target: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The settings of a Spark session, as profiles.yml states them for dbt."""
    stated: dict[str, str] = _outputs(target, environment)["server_side_parameters"]
    return stated


def _outputs(target: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """A target of profiles.yml, rendered as dbt renders it."""
    import yaml
    from jinja2 import Environment

    jinja = Environment(autoescape=False)
    jinja.filters["as_number"] = int

    def rendered(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: rendered(each) for name, each in value.items()}
        return jinja.from_string(str(value)).render(env_var=environment.get)

    profile = yaml.safe_load((PROJECT_DIR / "profiles.yml").read_text(encoding="utf-8"))
    return dict(rendered(profile["partner_scoring"]["outputs"][target]))
