"""Dagster on Spark records every asset: its progress bar once cost all events, without a word."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.engines import EngineMissing, check_engine
from orchestration.sample import generate
from orchestration.settings import PROJECT_DIR

pytestmark = [pytest.mark.spark, pytest.mark.slow]

MODELS = ["metrics/metric_definitions", "frameworks/frameworks", "frameworks/framework_ancestors"]
MARTS = ["marts/landed_files"]
RUN = """
import json, sys
import dagster as dg
from orchestration.definitions import definitions

repository = definitions.get_repository_def()
graph = repository.asset_graph
wanted = {"landing", "policy"}
keys = [key for key in graph.get_all_asset_keys() if graph.get(key).group_name in wanted]
keys = [key for key in keys if "reporting_rates" not in key.path]
keys += [dg.AssetKey(name.split("/")) for name in sys.argv[1:]]
job = definitions.get_implicit_global_asset_job_def()
result = job.execute_in_process(instance=dg.DagsterInstance.get(), asset_selection=keys)
recorded = [event.asset_key.to_user_string() for event in result.get_asset_materialization_events()]
wanted = [key.to_user_string() for key in keys]
print("RECORDED " + json.dumps({"wanted": sorted(wanted), "recorded": sorted(recorded)}))
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What a run of landing, policy and some models on Spark recorded."""
    try:
        check_engine("spark")
    except EngineMissing as missing:
        pytest.skip(str(missing))
    folder = tmp_path_factory.mktemp("spark")
    generate(folder / "landing", partners=5, weeks=12)
    environment = {
        **os.environ,
        "DBT_TARGET": "spark",
        "PARTNER_SCORING_LANDING": str(folder / "landing"),
        "PARTNER_SCORING_WAREHOUSE": str(folder / "warehouse"),
        "PARTNER_SCORING_SPARK_PARTITIONS": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN, *MODELS, *MARTS],
        cwd=PROJECT_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )
    (line,) = [x for x in done.stdout.splitlines() if x.startswith("RECORDED ")] or [
        pytest.fail((done.stdout + done.stderr)[-4000:])
    ]
    return {"folder": [str(folder)], **json.loads(line.removeprefix("RECORDED "))}


def test_every_selected_asset_is_recorded_once(recorded: dict[str, list[str]]):
    assert len(recorded["wanted"]) > 40
    assert recorded["recorded"] == recorded["wanted"]


def test_a_mart_of_the_run_is_shown_where_publishing_looks(recorded: dict[str, list[str]]):
    import duckdb

    path = Path(recorded["folder"][0], "warehouse", "working.duckdb")
    with duckdb.connect(str(path), read_only=True) as connection:
        landed = connection.execute("select count(*) from landing.files").fetchall()
        assert connection.execute("select count(*) from marts.landed_files").fetchall() == landed
        assert landed[0][0] > 10
