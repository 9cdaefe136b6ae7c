"""dbt's documentation with what dbt does not know: which source columns a column is made from.

`dbt docs generate` writes its pages from a manifest; here the descriptions in that manifest are
completed from `derived.column_lineage`. Nothing else of the pages is touched.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from orchestration.database import connect
from orchestration.preparation import PreparationError, variables_of
from orchestration.settings import PROJECT_DIR, Settings

MOST_NAMED = 25
ORIGINS = """
    select mart, column_name, list_sort(list(distinct relation || '.' || relation_column))
    from derived.column_lineage where step = 'origin' and kind in ('file', 'policy', 'ledger')
    group by mart, column_name
"""


def build(settings: Settings, output: Path) -> Path:
    """Write the pages to a folder; gives the page to open. Needs a built warehouse."""
    if not _is_built(settings):
        raise PreparationError(
            f"There is no whole run in the warehouse {settings.warehouse} yet: `partner-scoring "
            "run` makes one; --warehouse names another warehouse."
        )
    words = [str(Path(sys.executable).with_name("dbt")), "--quiet", "docs", "generate"]
    words += ["--target-path", str(output), *variables_of(settings)]
    done = subprocess.run(
        words, cwd=PROJECT_DIR, env=settings.environment(), capture_output=True, text=True
    )
    if done.returncode:
        raise PreparationError(f"dbt cannot write its pages: {done.stdout}{done.stderr}")
    path = output / "manifest.json"
    with connect(settings, read_only=True) as connection:
        found = connection.execute(ORIGINS).fetchall()
    origins = {(mart, column): made_from for mart, column, made_from in found}
    manifest = complete(json.loads(path.read_text(encoding="utf-8")), origins)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return output / "index.html"


def _is_built(settings: Settings) -> bool:
    if not settings.working_database.exists():
        return False
    with connect(settings, read_only=True) as connection:
        found = connection.execute(
            "select count(*) from duckdb_tables() "
            "where schema_name = 'derived' and table_name = 'column_lineage'"
        ).fetchone()
    return found is not None and found[0] > 0


def complete(manifest: dict[str, Any], origins: dict[tuple[str, str], list[str]]) -> dict[str, Any]:
    """The manifest with "Made from" in the description of each column that has origins."""
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or node["schema"] != "marts":
            continue
        for name, column in node["columns"].items():
            if made_from := origins.get((node["name"], name)):
                column["description"] = f"{column['description']}\n\n{_words(made_from)}"
    return manifest


def _words(made_from: list[str]) -> str:
    named = ", ".join(f"`{each}`" for each in made_from[:MOST_NAMED])
    left = len(made_from) - MOST_NAMED
    more = f" and {left} more: see `marts.column_lineage`" if left > 0 else ""
    return f"Made from {named}{more}."
