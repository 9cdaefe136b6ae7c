"""Parity on a cluster of processes: a master and two workers of Spark on 127.0.0.1.

`python -m parity.cluster [arguments of python -m parity]`. The wheel of pyspark has no scripts that
start a cluster, but it has the classes. All processes end with this one.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WORKERS = 2
WAIT_SECONDS = 60.0
HERE = ("--host", "127.0.0.1", "--webui-port", "0")
REGISTERED = re.compile(r"Registering worker")
EXECUTOR = re.compile(r"Launching executor \S+ on worker (\S+)")


def main(words: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="spark-cluster-") as folder:
        with cluster(Path(folder)) as (master, log):
            print(f"a master and {WORKERS} workers at {master}", flush=True)
            environment = {
                **os.environ,
                "PARTNER_SCORING_SPARK_MASTER": master,
                "PARTNER_SCORING_SPARK_EXECUTOR_MEMORY": "1g",
                "PARTNER_SCORING_SPARK_PARTITIONS": "4",
            }
            command = [sys.executable, "-m", "parity", *words]
            done = subprocess.run(command, env=environment, check=False)
            workers = set(EXECUTOR.findall(log.read_text(encoding="utf-8")))
        print(f"{len(workers)} of {WORKERS} workers ran executors")
        if len(workers) < WORKERS:
            return 2
        return done.returncode


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, Path]]:
    """A running cluster: the URL of its master, and the master's log."""
    port = _free_port()
    master = f"spark://127.0.0.1:{port}"
    log = folder / "master.log"
    started = [_start("master.Master", log, *HERE, "--port", str(port))]
    try:
        for number in range(WORKERS):
            words = [*HERE, "--cores", "1", "--memory", "1g"]
            words += ["--work-dir", str(folder / f"worker-{number}"), master]
            started.append(_start("worker.Worker", folder / f"worker-{number}.log", *words))
        _wait_for(log, WORKERS, started)
        yield master, log
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=WAIT_SECONDS)


def _start(name: str, log: Path, *words: str) -> subprocess.Popen[bytes]:
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    with log.open("wb") as file:
        return subprocess.Popen(
            # The script gives way to Java, so that ending the process ends Spark.
            [home / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", *words],
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def _wait_for(log: Path, workers: int, started: list[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while len(REGISTERED.findall(log.read_text(encoding="utf-8"))) < workers:
        if time.monotonic() > end or any(process.poll() is not None for process in started):
            said = "\n".join(each.read_text()[-2000:] for each in sorted(log.parent.glob("*.log")))
            raise RuntimeError(f"the cluster did not start:\n{said}")
        time.sleep(0.5)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
