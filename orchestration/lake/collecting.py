"""From the tables that Spark wrote back to the working database: as views, not as copies.

What a release is made of is then where the last gate and publishing look for it, whichever engine
built it, with the types and descriptions that the contracts state. Only the marts and what a
release says about its run come home; the rest stays where it was computed.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import connect, literal, quoted
from orchestration.lake.writing import LakeError
from orchestration.settings import Settings

# Beside the marts: what `orchestration/run_facts.py`, the checks of Dagster and the analysis of
# experiments ask for.
COUNTED = {
    "activities": ("activities", "held_activities", "score_horizon", "source_status"),
    "experiments": ("experiment_balance", "experiment_outcomes", "experiment_statistics"),
}
TYPES = {"string": "varchar"}


@dataclass(frozen=True)
class _Built:
    schema: str
    name: str
    description: str
    columns: tuple[tuple[str, str, str], ...]  # name, type, description
    compiled: str | None
    """Where its SQL is, if it is a view there too."""

    @property
    def view(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}"


def collect(
    settings: Settings, manifest: Path, compiled: Path, built_now: Collection[str]
) -> list[str]:
    """Make the views of what has just been built; gives their names.

    `compiled` is dbt's target folder of the build, `built_now` has the ids of its nodes.

    Raises LakeError where Spark wrote no such table.
    """
    made = []
    with connect(settings) as connection:
        for built in _built(json.loads(manifest.read_text(encoding="utf-8")), built_now):
            if built.compiled:
                # What landing and the gates write is here, and the last gate has yet to write.
                selected = (compiled / "compiled" / built.compiled).read_text(encoding="utf-8")
                _show(connection, built, f"({selected})")
            else:
                folder = f"{settings.spark_tables}/{built.schema}.db/{built.name}"
                files = f"read_parquet({literal(folder + '/**/*.parquet')})"
                _show(connection, built, files)
            made.append(f"{built.schema}.{built.name}")
    return made


def _built(manifest: Mapping[str, Any], built_now: Collection[str]) -> Iterator[_Built]:
    for unique_id, node in manifest["nodes"].items():
        if node["resource_type"] != "model" or unique_id not in built_now:
            continue
        if node["schema"] == "marts" or node["name"] in COUNTED.get(node["schema"], ()):
            columns = tuple(
                (column["name"], column["data_type"], " ".join(column["description"].split()))
                for column in node["columns"].values()
            )
            description = " ".join(node["description"].split())
            is_view = node["config"]["materialized"] == "view"
            path = f"{node['package_name']}/{node['original_file_path']}" if is_view else None
            yield _Built(node["schema"], node["alias"], description, columns, path)


def _show(connection: duckdb.DuckDBPyConnection, built: _Built, origin: str) -> None:
    listed = ", ".join(
        f"cast({quoted(name)} as {TYPES.get(kind, kind)}) as {quoted(name)}"
        for name, kind, _ in built.columns
    )
    connection.execute(f"create schema if not exists {quoted(built.schema)}")
    _drop(connection, built)
    try:
        connection.execute(f"create view {built.view} as select {listed} from {origin} as origin")
    except duckdb.Error as error:
        raise LakeError(
            f"What Spark was to write of {built.schema}.{built.name} is not there: {error}. "
            "Is PARTNER_SCORING_SPARK_TABLES the folder of Spark's warehouse?"
        ) from error
    connection.execute(f"comment on view {built.view} is {literal(built.description)}")
    for name, _, description in built.columns:
        if description:
            connection.execute(
                f"comment on column {built.view}.{quoted(name)} is {literal(description)}"
            )


def _drop(connection: duckdb.DuckDBPyConnection, built: _Built) -> None:
    """Away with what the other engine, or the last run, left under the name."""
    for kind in ("table", "view"):
        found = connection.execute(
            f"select 1 from duckdb_{kind}s() where schema_name = ? and {kind}_name = ? "
            "and not internal",
            [built.schema, built.name],
        ).fetchone()
        if found:
            connection.execute(f"drop {kind} {built.view}")
