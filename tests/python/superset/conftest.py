"""A Superset of its own over a copy of a small programme, as `make superset` starts it."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_DIR
from tests.python.pipeline.conftest import released as released
from tests.python.pipeline.running import Programme
from tests.python.superset.client import PASSWORD, Client

PYTHON = PROJECT_DIR / ".superset" / "bin" / "python"


@dataclass
class Served:
    """A server that is up. `connections` is the list of what it connected to."""

    base: str
    programme: Programme
    connections: Path

    def client(self) -> Client:
        return Client(self.base).sign_in()


@pytest.fixture(scope="module")
def superset(released: Programme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if not PYTHON.exists():
        pytest.fail("`make test-superset` makes the environment that Superset needs.")
    folder = tmp_path_factory.mktemp("superset")
    shutil.copytree(released.folder, folder / "programme", symlinks=True)
    programme = Programme(folder / "programme")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    connections = folder / "connections.txt"
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [PYTHON, PROJECT_DIR / "dashboard" / "superset" / "serve.py", "--port", str(port),
             "--warehouse", programme.warehouse, "--home", folder / "home"],
            env={
                **{key: value for key, value in os.environ.items() if "proxy" not in key.lower()},
                "SUPERSET_PASSWORD": PASSWORD,
                "CONNECTIONS": str(connections),
                "PYTHONPATH": str(Path(__file__).with_name("watched")),
            },
            stdout=log,
            stderr=log,
        )  # fmt: skip
        try:
            _wait(base, server, folder)
            yield Served(base, programme, connections)
        finally:
            server.terminate()
            server.wait(30)


def _wait(base: str, server: subprocess.Popen[bytes], folder: Path) -> None:
    """Until it answers; the first start makes all tables of Superset, which takes its time."""
    last = time.monotonic() + 900
    while time.monotonic() < last:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{base}/health", timeout=10):
            return
        time.sleep(1)
    pytest.fail((folder / "server.log").read_text()[-2000:])
