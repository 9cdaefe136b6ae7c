"""The cluster of processes starts, both workers compute, and nothing of it stays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.engines import EngineMissing, check_engine
from parity.cluster import EXECUTOR, WORKERS, cluster

JOB = """
import sys
from pyspark.sql import SparkSession

session = (
    SparkSession.builder.master(sys.argv[1])
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.executor.memory", "600m")
    .getOrCreate()
)
print("TOTAL", session.range(0, 1000, 1, 4).selectExpr("sum(id)").collect()[0][0])
session.stop()
"""


@pytest.mark.spark
@pytest.mark.slow
def test_a_job_runs_on_both_workers_and_all_processes_end(tmp_path: Path):
    try:
        check_engine("spark")
    except EngineMissing as missing:
        pytest.skip(str(missing))
    with cluster(tmp_path) as (master, log):
        done = subprocess.run(
            [sys.executable, "-c", JOB, master], capture_output=True, text=True, timeout=300
        )
        assert "TOTAL 499500" in done.stdout, done.stderr[-2000:]
        assert len(set(EXECUTOR.findall(log.read_text()))) == WORKERS
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert str(tmp_path) not in running and master not in running, os.linesep.join(
        line for line in running.splitlines() if master in line
    )
