"""Runs that Dagster starts: alone on the warehouse as those of the command line are, and not for
nothing."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.assets.writer import writable
from orchestration.landing import land
from orchestration.locking import holder
from orchestration.publishing import Release, publish, rollback
from orchestration.publishing.pointer import move
from orchestration.run_facts import fingerprint_of, ledger_inputs
from orchestration.schedules import every_day, new_files, score_partners
from orchestration.settings import Settings
from tests.python.publishing.publishing_fixtures import build_working, make_facts

HOLD = """
import sys, time
from orchestration.locking import single_writer
from orchestration.settings import Settings
with single_writer(Settings(warehouse=sys.argv[1]), "partner-scoring run"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(landing=tmp_path / "landing", warehouse=tmp_path / "warehouse")


@pytest.fixture
def held(settings: Settings) -> Iterator[int]:
    """Another process has the warehouse; gives its number."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.warehouse)], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == b"held\n"
        yield process.pid
    finally:
        process.kill()
        process.wait()


def run_alone(
    settings: Settings, seen: list[str], fails: bool = False
) -> dg.ExecuteInProcessResult:
    """A run of two steps that note who holds the warehouse while they work."""

    def note(found: Settings) -> None:
        assert found == settings
        seen.append(str((holder(settings) or {}).get("purpose")))

    @dg.asset
    def first(writable: dg.ResourceParam[Settings]) -> None:
        note(writable)

    @dg.asset(deps=[first])
    def second(writable: dg.ResourceParam[Settings]) -> None:
        note(writable)
        if fails:
            raise ValueError("this step fails")

    defined = dg.Definitions(
        assets=[first, second],
        executor=dg.in_process_executor,
        jobs=[dg.define_asset_job("score")],
        resources={"settings": settings, "writable": writable},
    )
    return defined.resolve_job_def("score").execute_in_process(raise_on_error=False)


@pytest.mark.parametrize("fails", [False, True])
def test_a_run_holds_the_warehouse_from_its_first_step_to_its_last(
    settings: Settings, fails: bool
) -> None:
    seen: list[str] = []
    result = run_alone(settings, seen, fails)
    assert result.success is not fails
    assert seen == [f"Dagster run {result.run_id[:8]} of score"] * 2
    assert holder(settings) is None


def test_a_run_ends_before_its_first_step_when_another_holds_the_warehouse(
    settings: Settings, held: int
) -> None:
    seen: list[str] = []
    result = run_alone(settings, seen)
    assert not result.success and not seen
    (failed,) = [each for each in result.all_events if each.is_job_failure]
    said = str(failed.job_failure_data.error)
    assert f"'partner-scoring run' (process {held} on " in said and "Wait until it ends" in said
    assert (holder(settings) or {})["pid"] == held


@pytest.fixture
def served(settings: Settings) -> Release:
    """A release from one file, made by the present code and policy."""
    build_working(settings)
    file = settings.landing / "crm" / "partners" / "partners.csv"
    file.parent.mkdir(parents=True)
    file.write_text("partner_id\nP1\n")  # quarantined: that is a fate too
    land(settings, settle_seconds=0)
    inputs = ledger_inputs(settings)
    assert inputs
    return publish(settings, make_facts(fingerprint=fingerprint_of(settings, inputs)))


def tick(settings: Settings) -> dg.RunRequest | dg.SkipReason:
    """What the schedule of every morning does now."""
    said = every_day(dg.build_schedule_context(resources={"settings": settings}))
    assert isinstance(said, dg.RunRequest | dg.SkipReason)
    return said


def look(
    settings: Settings, instance: dg.DagsterInstance | None = None
) -> dg.RunRequest | dg.SkipReason:
    """What the sensor does now."""
    instance = instance or dg.DagsterInstance.ephemeral()
    said = new_files(dg.build_sensor_context(instance=instance, resources={"settings": settings}))
    assert isinstance(said, dg.RunRequest | dg.SkipReason)
    return said


def test_the_morning_starts_no_run_without_anything_new(
    settings: Settings, served: Release
) -> None:
    said = tick(settings)
    assert isinstance(said, dg.SkipReason) and served.id in str(said.skip_message)
    (settings.landing / "crm" / "partners" / "more.csv").write_text("partner_id\nP2\n")
    assert isinstance(tick(settings), dg.RunRequest)


def test_the_morning_starts_the_first_run(settings: Settings) -> None:
    assert isinstance(tick(settings), dg.RunRequest)


def test_the_morning_does_not_publish_again_what_was_taken_back(
    settings: Settings, served: Release
) -> None:
    build_working(settings, seed=1)
    land(settings, settle_seconds=0)
    other = publish(settings, make_facts(fingerprint="of another day"))
    assert isinstance(tick(settings), dg.RunRequest)  # the day's own release is to be served
    rollback(settings, served.id, reason="back to the day's own")
    assert isinstance(tick(settings), dg.SkipReason)
    move(settings, other.id, action="rollback", reason="the day's own was wrong")
    assert isinstance(tick(settings), dg.SkipReason)


def test_a_full_refresh_that_is_asked_for_is_always_something_to_do(
    settings: Settings, served: Release
) -> None:
    assert isinstance(tick(settings.model_copy(update={"full_refresh": True})), dg.RunRequest)


def test_nothing_starts_by_itself_while_another_writes(settings: Settings, held: int) -> None:
    """The database of a writer cannot be looked into, and the run would only fail."""
    settings.landing.mkdir()
    for said in (tick(settings), look(settings)):
        assert isinstance(said, dg.SkipReason)
        assert f"'partner-scoring run' (process {held} on " in str(said.skip_message)


def test_the_sensor_starts_a_run_for_files_that_have_arrived(settings: Settings) -> None:
    file = settings.landing / "crm" / "partners" / "partners.csv"
    file.parent.mkdir(parents=True)
    file.write_text("partner_id\nP1\n")
    said = look(settings)
    assert isinstance(said, dg.RunRequest) and said.run_key
    land(settings, settle_seconds=0)
    assert isinstance(look(settings), dg.SkipReason)


def test_the_sensor_starts_again_an_hour_after_a_run_that_failed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster starts no second run of the same key, and the files would wait for others."""

    @dg.op
    def fails() -> None:
        raise RuntimeError("the disk was full")

    @dg.job(name=score_partners.name)
    def failing() -> None:
        fails()

    file = settings.landing / "crm" / "partners" / "partners.csv"
    file.parent.mkdir(parents=True)
    file.write_text("partner_id\nP1\n")
    with dg.DagsterInstance.ephemeral() as instance:
        first = look(settings, instance)
        assert isinstance(first, dg.RunRequest)
        failing.execute_in_process(instance=instance, raise_on_error=False, tags=dict(first.tags))
        soon = look(settings, instance)
        assert isinstance(soon, dg.SkipReason)
        assert "the run of these 1 files failed" in str(soon.skip_message)
        in_an_hour = time.time() + 3601
        monkeypatch.setattr("orchestration.schedules.time.time", lambda: in_an_hour)
        later = look(settings, instance)
        assert isinstance(later, dg.RunRequest) and later.run_key != first.run_key
        file.write_text("partner_id\nP1\nP2\n")
        others = look(settings, instance)
        assert isinstance(others, dg.RunRequest)
        assert others.run_key not in (first.run_key, later.run_key)
