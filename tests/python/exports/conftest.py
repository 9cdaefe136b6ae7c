"""A small release with names that spreadsheets would run, and a PostgreSQL server of its own."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.publishing import Release, publish
from orchestration.settings import Settings
from tests.python.exports.odd_marts import PROMISES, add_marts
from tests.python.publishing.publishing_fixtures import build_working, make_facts

SERVERS = Path("/usr/lib/postgresql")
USER = "postgres"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("exports")
    return Settings(
        landing=folder / "landing", warehouse=folder / "warehouse", memory_limit="500MB"
    )


@pytest.fixture(scope="session")
def release(settings: Settings) -> Release:
    build_working(settings)
    add_marts(settings)
    return publish(settings, make_facts(promises=PROMISES))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server from Debian's packages, on a free port of this machine.

    It refuses to run as root, so root hands it to the user that the package makes.
    """
    found = sorted(SERVERS.glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        pytest.skip("PostgreSQL's server programs are not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="partner_scoring_pg_"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        if USER not in {each.pw_name for each in pwd.getpwall()}:
            pytest.skip(f"root needs a user {USER} to run PostgreSQL as")
        shutil.chown(folder, USER)
        as_user = ["runuser", "-u", USER, "--"]

    def run(program: str, *words: str) -> None:
        done = subprocess.run(
            [*as_user, str(found[-1] / program), "-D", str(folder / "data"), *words],
            capture_output=True, text=True, cwd=folder, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        run("initdb", "-U", "owner", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-h 127.0.0.1 -p {port} -c unix_socket_directories='' -c fsync=off"
        run("pg_ctl", "-w", "-o", options, "-l", str(folder / "log"), "start")
        yield f"postgresql://owner@127.0.0.1:{port}/postgres"
    finally:
        with contextlib.suppress(AssertionError):
            run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
