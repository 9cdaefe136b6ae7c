"""A small programme that has been run once, shared by the tests that only read it."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.sample import generate
from tests.python.pipeline.running import Programme

PARTNERS, WEEKS = 60, 40


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """A sample programme from files to a release. Take `copy_of_released` to change it."""
    # Test processes share it: the first one makes it, the others wait.
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    programme = Programme(shared / "programme")
    with (shared / "programme.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (programme.folder / "run.txt").exists():
            truth = programme.folder / "truth"
            generate(programme.landing, partners=PARTNERS, weeks=WEEKS, truth=truth)
            done = programme.command("run")
            (programme.folder / "run.txt").write_text(done.stdout + done.stderr)
    return programme


@pytest.fixture
def copy_of_released(released: Programme, tmp_path: Path) -> Programme:
    """The same, to be changed."""
    shutil.copytree(released.folder, tmp_path / "copy", symlinks=True)
    return Programme(tmp_path / "copy")


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """An empty programme."""
    return Programme(tmp_path)


PARTNERS_HEADER = (
    "partner_id,partner_name,track,tier,region,country,industry,contract_signed_at,updated_at\n"
)


@pytest.fixture
def with_partner(programme: Programme) -> Callable[..., Programme]:
    """A programme with partners P1 .. Pn, all resellers since the first of January 2024."""

    def make(partners: int = 1) -> Programme:
        lines = "".join(
            f"P{number},Partner {number},reseller,gold,EMEA,DE,Retail,"
            "2024-01-01T09:00:00Z,2024-01-01T09:00:00Z\n"
            for number in range(1, partners + 1)
        )
        programme.write("crm/partners/partners.csv", PARTNERS_HEADER + lines)
        return programme

    return make
