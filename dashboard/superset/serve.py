"""Apache Superset over the served release of a warehouse, on this machine, with its dashboard.

Runs in Superset's own environment (`requirements.txt`), which knows nothing of the project:

    python serve.py --warehouse WAREHOUSE --home HOME [--port 8088]

The first start makes the home (users, dashboards) and a user `admin`, whose password is
`SUPERSET_PASSWORD` or is made up and told. Every start imports the dashboard anew: what is in
`assets` is the truth. All of it listens on 127.0.0.1 only.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import bundle  # type: ignore[import-not-found]  # beside this file

HERE = Path(__file__).resolve().parent
USER = "admin"
PERSON = ("--firstname", "Local", "--lastname", "admin", "--email", "admin@localhost")


def environment(warehouse: Path, home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PARTNER_SCORING_WAREHOUSE": str(warehouse),
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "FLASK_APP": "superset",
        # Asked of the server; the pixel that is built into the pages is stopped by their policy.
        "SCARF_ANALYTICS": "false",
    }


def prepare(env: dict[str, str], home: Path) -> None:
    """The home, if it is not there, and the dashboard as it is in `assets`."""

    def superset(*words: str, **secret: str) -> None:
        log = home / "prepare.log"
        with log.open("a") as file:
            done = subprocess.run(
                [program("superset"), *words], env=env | secret, stdout=file, stderr=file
            )
        if done.returncode:
            sys.exit(f"superset {words[0]} failed; {log} says why")

    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (home / "ready").exists():
        password = os.environ.get("SUPERSET_PASSWORD") or secrets.token_urlsafe(12)
        superset("db", "upgrade")
        # Other users see command lines; every option has a variable of its name.
        superset(
            *("fab", "create-admin", "--username", USER, *PERSON),
            FLASK_FAB_CREATE_ADMIN_PASSWORD=password,
        )
        superset("init")
        (home / "ready").touch()
        if not os.environ.get("SUPERSET_PASSWORD"):
            print(f"user {USER}, password {password} (told once)", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        bundle.write(Path(folder) / "dashboard.zip")
        superset("import-dashboards", "--path", f"{folder}/dashboard.zip", "--username", USER)


def program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--warehouse", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, default=8088)
    given = parser.parse_args()
    env = environment(given.warehouse.absolute(), given.home.absolute())
    prepare(env, given.home.absolute())
    address = f"127.0.0.1:{given.port}"
    print(f"http://{address}/superset/dashboard/partner-programme/", flush=True)
    os.execve(
        program("gunicorn"),
        ["gunicorn", "--bind", address, "--worker-class", "gthread", "--threads", "8",
         "--timeout", "120", "--log-level", "warning", "superset.app:create_app()"],
        env,
    )  # fmt: skip


if __name__ == "__main__":
    main()
