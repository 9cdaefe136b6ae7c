"""Parity through a server of Spark, Connect or Thrift, started on 127.0.0.1 from pyspark's jars.

`python -m parity.servers connect|thrift [arguments of python -m parity]`. The server has the
settings of the target `spark`, as docs/scale.md asks of one that runs elsewhere.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import Settings
from parity.building import forget_folders, spark_settings
from parity.cluster import free_port, started, wait_until_open


@dataclass(frozen=True)
class Server:
    """A kind of server: the target that reaches it, its class, and how its port is set."""

    target: str
    main_class: str
    conf: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()


SERVERS = {
    "connect": Server(
        "spark_connect",
        "org.apache.spark.sql.connect.service.SparkConnectServer",
        conf=(
            "spark.connect.grpc.binding.address=127.0.0.1",
            "spark.connect.grpc.binding.port={port}",
            "spark.sql.catalogImplementation=hive",
        ),
        environment=("PARTNER_SCORING_SPARK_REMOTE=sc://127.0.0.1:{port}",),
    ),
    "thrift": Server(
        "spark_thrift",
        "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2",
        words=(
            *("--hiveconf", "hive.server2.thrift.bind.host=127.0.0.1"),
            *("--hiveconf", "hive.server2.thrift.port={port}"),
        ),
        environment=(
            "PARTNER_SCORING_SPARK_HOST=127.0.0.1",
            "PARTNER_SCORING_SPARK_PORT={port}",
        ),
    ),
}


def main(words: list[str]) -> int:
    if not words or words[0] not in SERVERS:
        print(__doc__)
        return 2
    forget_folders()
    kind, server = words[0], SERVERS[words[0]]
    with (
        tempfile.TemporaryDirectory(prefix="spark-server-") as folder,
        running(kind, Path(folder)) as environment,
    ):
        print(f"{kind} server, reached by {environment}", flush=True)
        command = [sys.executable, "-m", "parity", "--work", folder]
        done = subprocess.run(
            [*command, "--target", server.target, *words[1:]],
            env={**os.environ, **environment},
            check=False,
        )
    return done.returncode


@contextmanager
def running(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """A server whose tables are those of the warehouse `folder`/warehouse; gives the variables
    by which dbt reaches it."""
    server, port = SERVERS[kind], free_port()
    settings = Settings(landing=folder / "landing", warehouse=folder / "warehouse")
    settings.spark_catalogue.mkdir(parents=True, exist_ok=True)
    stated = spark_settings("spark", {**os.environ, **settings.environment()})
    conf = [f"{name}={value}" for name, value in stated.items()]
    conf += [each.format(port=port) for each in server.conf]
    words = ["--class", server.main_class]
    for each in conf:
        words += ["--conf", each]
    words += ["spark-internal", *(each.format(port=port) for each in server.words)]
    log = folder / f"{kind}.log"
    with started("org.apache.spark.deploy.SparkSubmit", log, words, cwd=folder) as process:
        wait_until_open(port, log, process)
        given = (each.format(port=port).split("=", 1) for each in server.environment)
        yield dict(given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
