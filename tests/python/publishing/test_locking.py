"""F6: two runs at once. The second says so and ends; a dead run blocks nobody."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.locking import Busy, holder, single_writer
from orchestration.settings import Settings

HOLD = """
import sys, time
from orchestration.locking import single_writer
from orchestration.settings import Settings
with single_writer(Settings(warehouse=sys.argv[1]), "nightly run"):
    print("held", flush=True)
    time.sleep(60)
"""


def start_holder(settings: Settings) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.warehouse)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_the_second_run_is_told_who_holds_the_warehouse(settings: Settings) -> None:
    process = start_holder(settings)
    try:
        began = time.monotonic()
        with (
            pytest.raises(Busy, match=rf"'nightly run' \(process {process.pid} on .*Wait until"),
            single_writer(settings, "second"),
        ):
            pass
        assert time.monotonic() - began < 1
        assert (holder(settings) or {})["pid"] == process.pid
    finally:
        process.kill()
        process.wait()


def test_a_killed_run_blocks_nobody(settings: Settings) -> None:
    process = start_holder(settings)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert b"nightly run" in settings.lock_file.read_bytes()  # what it wrote is still there
    assert holder(settings) is None
    with single_writer(settings, "second"):
        assert (holder(settings) or {})["purpose"] == "second"
    assert holder(settings) is None


def test_the_same_process_cannot_hold_it_twice(settings: Settings) -> None:
    with single_writer(settings, "first"):
        with pytest.raises(Busy, match="'first'"), single_writer(settings, "second"):
            pass
        assert (holder(settings) or {})["purpose"] == "first"


def test_it_is_released_when_the_run_fails(settings: Settings) -> None:
    with pytest.raises(ZeroDivisionError), single_writer(settings, "fails"):
        _ = 1 / 0
    with single_writer(settings, "next"):
        pass


def test_a_holder_that_has_not_written_its_name_yet(settings: Settings) -> None:
    with single_writer(settings, "first"):
        settings.lock_file.write_text("")
        with pytest.raises(Busy, match="has just started"), single_writer(settings, "second"):
            pass


def test_nobody_holds_a_warehouse_that_does_not_exist(tmp_path: Path) -> None:
    assert holder(Settings(warehouse=tmp_path / "none")) is None
