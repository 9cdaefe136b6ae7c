"""Models are built through a server of Spark, Connect and Thrift, and compared; nothing stays."""

import re
import socket
import subprocess
import sys

import pytest

from orchestration.engines import EngineMissing, check_engine
from orchestration.settings import PROJECT_DIR
from parity.servers import SERVERS

pytestmark = [pytest.mark.spark, pytest.mark.slow]

# Policy, a chain of versions, what staging keeps in partitions, a table made from it.
MODELS = ["+framework_ancestors", "+partner_ratings", "+partner_profiles"]


@pytest.mark.parametrize("kind", sorted(SERVERS))
def test_some_models_are_the_same_through_a_server(kind: str):
    try:
        check_engine("spark")
    except EngineMissing as missing:
        pytest.skip(str(missing))
    words = [kind, "--partners", "5", "--weeks", "12", "--select", *MODELS]
    done = subprocess.run(
        [sys.executable, "-m", "parity.servers", *words],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    assert " 0 tables differ" in done.stdout
    (port,) = re.findall(r"reached by .*?(\d{4,5})'}", done.stdout)
    with socket.socket() as tried:
        assert tried.connect_ex(("127.0.0.1", int(port))) != 0
