"""What the engine of a dbt target needs on this machine, checked before a run starts.

DuckDB comes with the project. Spark is an optional group of packages and, for a session of its own,
a Java machine; without them dbt would end in a page of its own words.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

LEAST_JAVA = 17
INSTALL = "Install the packages of the second engine with `uv sync --group spark`."


class EngineMissing(RuntimeError):
    """The engine of the target is not on this machine; the message says what to install."""


def check_engine(target: str) -> None:
    """Raise EngineMissing unless the engine of a target of profiles.yml can start here."""
    if not target.startswith("spark"):
        return
    if importlib.util.find_spec("dbt.adapters.spark") is None:
        raise EngineMissing(
            f"The target {target} needs dbt-spark, which is not installed. {INSTALL}"
        )
    if target != "spark":  # a server elsewhere has its own Java
        return
    if importlib.util.find_spec("pyspark") is None:
        raise EngineMissing(f"The target {target} needs pyspark, which is not installed. {INSTALL}")
    found = java_version()
    if found is None or found < LEAST_JAVA:
        have = f"is version {found}" if found else "was not found"
        raise EngineMissing(
            f"Spark needs Java {LEAST_JAVA} or newer; `java` {have}. Install it "
            "(Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME to one, or use the "
            "target spark_connect with a server that runs elsewhere."
        )


def java_version() -> int | None:
    """The major version of the Java that Spark would start; None if there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None:
        return None
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    version = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    return int(version.group(1)) if version else None
