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
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

WORKERS = 2
WAIT_SECONDS = 60.0
HERE = ("--host", "127.0.0.1", "--webui-port", "0")
DEPLOY = "org.apache.spark.deploy"
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
    port = free_port()
    master = f"spark://127.0.0.1:{port}"
    log = folder / "master.log"
    with ExitStack() as stack:
        words = [*HERE, "--port", str(port)]
        processes = [stack.enter_context(started(f"{DEPLOY}.master.Master", log, words))]
        for number in range(WORKERS):
            words = [*HERE, "--cores", "1", "--memory", "1g"]
            words += ["--work-dir", str(folder / f"worker-{number}"), master]
            worker = started(f"{DEPLOY}.worker.Worker", folder / f"worker-{number}.log", words)
            processes.append(stack.enter_context(worker))
        _wait_for(log, WORKERS, processes)
        yield master, log


@contextmanager
def started(
    main_class: str, log: Path, words: Sequence[str], cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Spark, which ends with the block."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    with log.open("wb") as file:
        process = subprocess.Popen(
            # The script gives way to Java, so that ending the process ends Spark.
            [home / "bin" / "spark-class", main_class, *words],
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=cwd,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=WAIT_SECONDS)


def wait_until_open(port: int, log: Path, process: subprocess.Popen[bytes]) -> None:
    """Return when somebody listens at the port; raises RuntimeError with what the process said."""
    end = time.monotonic() + WAIT_SECONDS
    while True:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        if time.monotonic() > end or process.poll() is not None:
            raise RuntimeError(f"the server did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.5)


def _wait_for(log: Path, workers: int, started: list[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while len(REGISTERED.findall(log.read_text(encoding="utf-8"))) < workers:
        if time.monotonic() > end or any(process.poll() is not None for process in started):
            said = "\n".join(each.read_text()[-2000:] for each in sorted(log.parent.glob("*.log")))
            raise RuntimeError(f"the cluster did not start:\n{said}")
        time.sleep(0.5)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
