"""A whole run on Spark, from files to a release, beside the same run on DuckDB.

Dagster must record every asset (Spark's progress bar once cost all events, without a word), the
gates must judge what Spark built, and the release must state the same scores.
"""

import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest

from orchestration import publishing, quality
from orchestration.engines import EngineMissing, check_engine
from orchestration.sample import generate
from tests.python.pipeline.running import Programme

pytestmark = [pytest.mark.spark, pytest.mark.slow]

HISTORY = "marts.partner_score_history"
SERIES = ("scores.raw_scores", "*")


@dataclass
class Runs:
    """The same files, run on both engines."""

    duckdb: Programme
    spark: Programme


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Two releases of one small programme."""
    try:
        check_engine("spark")
    except EngineMissing as missing:
        pytest.skip(str(missing))
    folder = tmp_path_factory.mktemp("engines")
    made = Runs(Programme(folder / "duckdb"), Programme(folder / "spark"))
    generate(made.duckdb.landing, partners=20, weeks=30)
    shutil.copytree(made.duckdb.landing, made.spark.landing)
    made.duckdb.command("run", DBT_TARGET="duckdb")
    made.spark.command("run", DBT_TARGET="spark")
    return made


def recorded(programme: Programme) -> dict[str, Counter[str]]:
    """How often each asset was materialised and each check answered, as Dagster remembers it."""
    import dagster as dg

    kinds = {
        "assets": dg.DagsterEventType.ASSET_MATERIALIZATION,
        "checks": dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    }
    found: dict[str, Counter[str]] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DAGSTER_HOME", str(programme.settings().dagster_home))
        with dg.DagsterInstance.get() as instance:
            (run,) = instance.get_runs()
            for name, kind in kinds.items():
                logged = instance.all_logs(run.run_id, of_type=kind)
                found[name] = Counter(_named(entry.dagster_event) for entry in logged)
    return found


def _named(event: Any) -> str:
    if event.is_step_materialization:
        return str(event.asset_key.to_user_string())
    check = event.event_specific_data
    return f"{check.asset_key.to_user_string()}: {check.check_name}: {check.passed}"


def manifest(programme: Programme) -> dict[str, Any]:
    release = publishing.current(programme.settings())
    assert release is not None
    return dict(json.loads((release.path / "manifest.json").read_text()))


def test_dagster_records_every_asset_once(runs: Runs):
    with patch.dict(os.environ):  # loading them settles where things lie, for a whole process
        from orchestration.definitions import definitions

    layer = definitions.resolve_job_def("score_partners").asset_layer
    every = {key.to_user_string() for key in layer.selected_asset_keys}
    assert recorded(runs.spark)["assets"] == Counter(every)
    assert len(every) > 150


def test_dagster_records_the_same_answers_of_the_same_checks(runs: Runs):
    on_spark, on_duckdb = recorded(runs.spark)["checks"], recorded(runs.duckdb)["checks"]
    assert on_spark == on_duckdb
    assert len(on_spark) > 300


def test_the_release_states_the_same_as_the_one_of_duckdb(runs: Runs):
    ours, theirs = manifest(runs.spark), manifest(runs.duckdb)
    assert (ours["run"]["engine"], theirs["run"]["engine"]) == ("spark", "duckdb")
    assert ours["score_hash"] == theirs["score_hash"]
    for part in ("partners", "fingerprint"):
        assert ours[part] == theirs[part]
    for mart, said in theirs["marts"].items():
        assert ours["marts"][mart]["columns"] == said["columns"]
        # Digests of marts have every digit of a number, and the times of the run.
        if mart != "column_lineage":
            assert (mart, ours["marts"][mart]["rows"]) == (mart, said["rows"])
    for part in ("as_of", "totals", "framework_versions", "framework_hash"):
        assert ours["run"][part] == theirs["run"][part]
    for part in ("expected", "counts"):
        assert ours["checks"][part] == theirs["checks"][part]
    assert ours["versions"]["pyspark"]


def origins(programme: Programme) -> dict[tuple[str, str], set[tuple[str, ...]]]:
    """By mart and column: what it is made from."""
    found: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for mart, column, *origin in programme.released("from marts.column_lineage"):
        found.setdefault((mart, column), set()).add(tuple(origin))
    return found


def test_lineage_is_the_same_up_to_the_fold_of_the_series(runs: Runs):
    """Spark folds each partner's weeks, through which lineage sees rows and no columns."""
    ours, theirs = origins(runs.spark), origins(runs.duckdb)
    assert ours.keys() == theirs.keys()
    folded = {key for key, found in ours.items() if ("origin", "rows", *SERIES) in found}
    assert folded
    for key in ours.keys() - folded:
        assert ours[key] == theirs[key], key


def test_what_was_released_is_what_spark_wrote(runs: Runs):
    release = publishing.current(runs.spark.settings())
    written = f"{runs.spark.settings().spark_tables}/marts.db/partner_score_history/*.parquet"
    assert release is not None
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(f"create view {HISTORY} as from read_parquet('{written}')")
        assert publishing.score_hash(connection) == release.score_hash
        connection.execute(
            f"create or replace view {HISTORY} as select * replace "
            f"(revenue_score + 0.00001 as revenue_score) from read_parquet('{written}')"
        )
        assert publishing.score_hash(connection) != release.score_hash


def test_a_second_run_finds_nothing_new(runs: Runs):
    assert "Nothing new" in runs.spark.command("run", DBT_TARGET="spark").stdout


def test_the_last_gate_reads_the_files_of_spark(runs: Runs, tmp_path: Path):
    """What is wrong in a file that Spark wrote keeps a release from being made."""
    settings = runs.spark.settings()
    (file,) = Path(settings.spark_tables, "marts.db", "partner_scorecards").glob("*.parquet")
    kept = tmp_path / "kept.parquet"
    shutil.copy(file, kept)
    try:
        duckdb.sql(
            f"copy (select * replace (1.5 as coverage) from read_parquet('{kept}')) to '{file}'"
        )
        results = quality.run_gate(settings, "release", run_id="planted", as_of=None)
    finally:
        shutil.copy(kept, file)
    failed = {each.check_name for each in quality.blocking_failures(results)}
    assert "marts.partner_scorecards.coverage.in_range" in failed
    again = quality.run_gate(settings, "release", run_id="mended", as_of=None)
    assert not quality.blocking_failures(again)
