"""Dagster's events: kept over few connections, and seen by other processes as they come."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy

from orchestration.event_log import EventLog
from orchestration.preparation import DAGSTER_YAML

EVENTS = 50
# A run that tells of many assets, and is killed before it ends.
KILLED = f"""
import os, signal
import dagster as dg

@dg.asset
def teller(context):
    for number in range({EVENTS}):
        yield dg.AssetMaterialization(f"part_{{number}}")
    print(context.run.run_id, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

dg.materialize([teller], instance=dg.DagsterInstance.get())
"""


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text(DAGSTER_YAML)
    with dg.DagsterInstance.get() as found:
        yield found


def storage_of(instance: dg.DagsterInstance) -> EventLog:
    found = instance.event_log_storage
    assert isinstance(found, EventLog)
    return found


def run_and_kill() -> str:
    ended = subprocess.run([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    assert ended.returncode == -9
    return ended.stdout.strip()


def test_a_killed_run_loses_no_event(instance: dg.DagsterInstance) -> None:
    run_id = run_and_kill()
    told = instance.get_records_for_run(
        run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION
    ).records
    assert [str(each.event_log_entry.get_dagster_event().asset_key.path[0]) for each in told] == [  # type: ignore[union-attr]
        f"part_{number}" for number in range(EVENTS)
    ]


def test_a_page_that_follows_a_run_is_told_of_events_of_another_process(
    instance: dg.DagsterInstance,
) -> None:
    run_id = run_and_kill()
    told: list[str] = []

    def note(event: dg.EventLogEntry, cursor: str) -> None:
        told.append(cursor)

    instance.watch_event_logs(run_id, None, note)
    waited_until = time.monotonic() + 30
    while len(told) < EVENTS and time.monotonic() < waited_until:
        time.sleep(0.05)
    instance.end_watch_event_logs(run_id, note)
    assert len(told) > EVENTS and len(set(told)) == len(told)


def test_events_share_a_connection_that_does_not_wait_for_the_disk(
    instance: dg.DagsterInstance,
) -> None:
    opened: list[sqlite3.Connection] = []
    engine = storage_of(instance)._engine
    sqlalchemy.event.listen(engine, "connect", lambda connection, _: opened.append(connection))

    @dg.asset
    def teller() -> Iterator[dg.AssetMaterialization | dg.Output[int]]:
        for number in range(EVENTS):
            yield dg.AssetMaterialization(f"part_{number}")
        yield dg.Output(1)

    assert dg.materialize([teller], instance=instance).success
    assert len(opened) <= 2
    with engine.connect() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 1  # normal
