"""A warehouse built again from the manifest of a release, by whatever code this module is part of.

`python -m orchestration.rebuilding MANIFEST ARCHIVE KEY WAREHOUSE` lands the inputs of the manifest
from the archive into the new folder WAREHOUSE, builds the models with the variables of then and
writes WAREHOUSE/rebuilt.json: digests of code, scores and marts. `orchestration/reproduction` calls
it, perhaps with newer code than this; so its words stay what they are. Nothing is published.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from orchestration import derivations, landing, publishing, quality
from orchestration.database import connect
from orchestration.lineage import ColumnLineage
from orchestration.settings import PROJECT_DIR, Settings
from orchestration.versions import code_digest

RESULT = "rebuilt.json"
MARTS = """
    select table_name, list(column_name order by column_index) from duckdb_columns()
    where schema_name = 'marts' and database_name = current_database() group by 1 order by 1
"""


class RebuildFailed(RuntimeError):
    """dbt could not build; the message ends with what it said."""


def rebuild(manifest: dict[str, Any], archive: Path, key: Path, warehouse: Path) -> dict[str, Any]:
    """Build the marts of a manifest in `warehouse`; gives and writes their digests."""
    asked = manifest["run"]["asked"]
    settings = Settings(
        landing=warehouse / "landing",
        warehouse=warehouse,
        as_of=asked["as_of"],
        known_at=asked["known_at"],
        reporting_currency=asked["reporting_currency"],
        full_refresh=True,
    )
    files = [landing.recorded(entry) for entry in manifest["inputs"]]
    for folder in (settings.warehouse, settings.temp, settings.dbt_target):
        folder.mkdir(parents=True, exist_ok=True)
    landing.replay(settings, archive, key, files)
    with connect(settings) as connection:
        quality.ensure_tables(connection)
    _build(settings)
    lineage = None
    if asked["lineage"]:
        built = json.loads((settings.dbt_target / "manifest.json").read_text(encoding="utf-8"))
        lineage = ColumnLineage(built, settings.dbt_target)
        lineage.read_all()
    derivations.work_out(settings, lineage)
    with connect(settings, read_only=True) as connection:
        result = {
            "code_digest": code_digest(),
            "score_hash": publishing.score_hash(connection),
            "marts": {
                name: {
                    "rows": _count(connection, name),
                    "hash": publishing.mart_hash(connection, name),
                    "columns": columns,
                }
                for name, columns in connection.execute(MARTS).fetchall()
            },
        }
    (warehouse / RESULT).write_text(json.dumps(result), encoding="utf-8")
    return result


def _build(settings: Settings) -> None:
    from orchestration.preparation import variables_of

    words = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "build"]
    # What was checked then is checked again by comparing: equal marts pass equal tests.
    words += ["--full-refresh", "--resource-type", "seed", "--resource-type", "model"]
    done = subprocess.run(
        [*words, *variables_of(settings)],
        cwd=PROJECT_DIR,
        env={**settings.environment(), "DBT_TARGET": "duckdb"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RebuildFailed(f"dbt could not build: {done.stdout[-3000:]}{done.stderr[-1000:]}")


def _count(connection: Any, name: str) -> int:
    (rows,) = connection.execute(f'select count(*) from marts."{name}"').fetchone()
    return int(rows)


def main(words: list[str]) -> int:
    """Exit code 1 and the reason on stderr where it cannot be rebuilt."""
    manifest, archive, key, warehouse = map(Path, words)
    os.umask(0o077)  # rejected lines may name people
    try:
        rebuild(json.loads(manifest.read_text(encoding="utf-8")), archive, key, warehouse)
    except (landing.ReplayError, RebuildFailed, publishing.PublishError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
