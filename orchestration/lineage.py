"""Column-level lineage of the dbt project, read from its compiled SQL by sqlglot.

For each model and column: the columns of its direct parents that it is made from. dagster-dbt can
do this too, but parses the whole query anew for every column, which took fifty times as long on
the wide models here (docs/decisions). No database is opened: parents are known from the models
before, seeds from their header, sources from their YAML.
"""

import csv
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlglot import exp
from sqlglot.lineage import Node, lineage

from orchestration.settings import PROJECT_DIR

# Columns of raw tables that landing adds to those of the contract.
BOOKKEEPING = ("_file_id", "_row_number", "_loaded_at", "_note")
Relation = tuple[str, str]  # schema, name
Columns = dict[str, list[str]]  # column -> ["schema.name.column", ...]


class ColumnLineage:
    """Lineage of models, asked for in the order in which they are built."""

    def __init__(
        self,
        manifest: Mapping[str, Any],
        compiled: Path,
        project: Path = PROJECT_DIR,
        dialect: str = "duckdb",
    ):
        self._nodes = manifest["nodes"]
        self._compiled = compiled
        self._dialect = dialect
        self._project = project
        self._columns: dict[Relation, list[str]] = {}
        self._asset_names: dict[Relation, str] = {}
        for source in manifest["sources"].values():
            relation = (source["schema"], source["identifier"])
            self._columns[relation] = [*source["columns"], *BOOKKEEPING]
            self._asset_names[relation] = f"{source['source_name']}.{source['name']}"
        for node in self._nodes.values():
            if node["resource_type"] == "seed":
                self._columns[(node["schema"], node["name"])] = self._header(node)
        self.found: dict[str, Columns] = {}
        self.dependencies = self._dependencies(manifest)

    def recall(self, path: Path) -> None:
        """Take what an earlier build of the same code wrote. The SQL of a model that adds to itself
        names its own columns, which only the build from scratch could tell."""
        self.found = json.loads(path.read_text(encoding="utf-8"))

    def of(self, unique_id: str) -> Columns | None:
        """Lineage of a model's columns; None for what is no model or cannot be read."""
        node = self._nodes.get(unique_id)
        if node is None or node["resource_type"] != "model":
            return None
        name = f"{node['schema']}.{node['name']}"
        if name in self.found:
            return self.found[name]
        path = self._compiled / "compiled" / node["package_name"] / node["original_file_path"]
        try:
            sql = path.read_text(encoding="utf-8")
            nodes = lineage(None, sql, self._schema(), dialect=self._dialect, trim_selects=False)
        except Exception as error:  # a report: what it cannot read must not stop a release
            logging.getLogger(__name__).warning("no lineage of %s: %s", unique_id, error)
            return None
        columns = {column: sorted(self._parents(root)) for column, root in nodes.items()}
        self._columns[(node["schema"], node["name"])] = list(columns)
        self.found[name] = columns
        return columns

    def read_all(self) -> None:
        """Lineage of every model, parents first; for a build that told of none while it went."""
        left = {key for key, node in self._nodes.items() if node["resource_type"] == "model"}
        while left:
            ready = [key for key in left if not left & set(self._nodes[key]["depends_on"]["nodes"])]
            for unique_id in sorted(ready):
                self.of(unique_id)
            left -= set(ready)

    def write(self, path: Path) -> None:
        """All that was asked for, as JSON: model -> column -> parents' columns."""
        path.write_text(json.dumps(self.found, indent=1, sort_keys=True), encoding="utf-8")

    def _dependencies(self, manifest: Mapping[str, Any]) -> dict[str, list[str]]:
        """What each model refers to, by the names that lineage has for them."""
        names = {key: f"{node['schema']}.{node['name']}" for key, node in self._nodes.items()}
        for key, source in manifest["sources"].items():
            names[key] = f"{source['source_name']}.{source['name']}"
        return {
            names[key]: sorted(names[each] for each in node["depends_on"]["nodes"])
            for key, node in self._nodes.items()
            if node["resource_type"] == "model"
        }

    def _schema(self) -> dict[str, Any]:
        # Types do not matter here: columns are named so that a star can be expanded.
        schema: dict[str, dict[str, dict[str, str]]] = {}
        for (name_of_schema, name), columns in self._columns.items():
            schema.setdefault(name_of_schema, {})[name] = dict.fromkeys(columns, "varchar")
        # Compiled for DuckDB, SQL names the database too.
        return {"working": schema} if self._dialect == "duckdb" else dict(schema)

    def _parents(self, root: Node) -> set[str]:
        found = set()
        for node in root.walk():
            table = node.expression.find(exp.Table) if not node.downstream else None
            if table is not None:
                relation = (table.db, table.name)
                column = exp.to_column(node.name).name
                found.add(f"{self._asset_names.get(relation, '.'.join(relation))}.{column}")
        return found

    def _header(self, seed: Mapping[str, Any]) -> list[str]:
        with (self._project / seed["original_file_path"]).open(
            encoding="utf-8", newline=""
        ) as file:
            return next(csv.reader(file))
