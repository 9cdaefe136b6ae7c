"""Which tables are compared and what names a row of each, as dbt's manifest says.

The key of a table is what a dbt test holds to be unique. A history has none: there all columns but
the fractions name a row, and rows that share them are matched in the order of the rest.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.promises import keys_of

COMPARED = (
    "policy", "activities", "partners", "metrics", "frameworks", "scores", "predictions",
    "benchmarks", "scenarios", "experiments", "fairness", "drift", "decisions", "forecasts",
    "marts",
)  # fmt: skip
# A week without a record says when it was computed: with a day more, DuckDB keeps that and Spark,
# which builds partner_weeks anew, says the new time. No figure depends on it.
WHEN_COMPUTED = {"partner_weeks": ("changed_at",), "partner_activity_weeks": ("changed_at",)}

# What the last run computed and no more, on an engine that adds (docs/decisions/0074): Spark has
# all of it after a day more, and what it leads to is compared.
OF_ONE_RUN = {
    *("changed_partners", "raw_score_series", "fit_metrics", "capability_metrics"),
    *("engagement_metrics", "early_performance_metrics", "performance_metrics"),
    "sustained_metrics",
}


@dataclass(frozen=True)
class Table:
    """A model that both engines built. `key` is empty where no test names one.

    `has_files`: Spark keeps it as plain files; views and partitions have to be asked for.
    `apart`: columns that are not compared.
    """

    schema: str
    name: str
    key: tuple[str, ...]
    has_files: bool = False
    apart: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


def compared_tables(target: Path) -> list[Table]:
    """Every model after staging that was built into dbt's folder `target`, by folder and name."""
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    built = {each["unique_id"] for each in results if each["status"] == "success"}
    keys = dict(keys_of(nodes))
    found = [
        Table(
            node["schema"],
            node["alias"],
            keys.get(unique_id, ()),
            _has_files(node["config"]),
            WHEN_COMPUTED.get(node["alias"], ()),
        )
        for unique_id, node in nodes.items()
        if unique_id in built
        and node["resource_type"] == "model"
        and node["schema"] in COMPARED
        and node["alias"] not in OF_ONE_RUN
    ]
    return sorted(found, key=lambda table: (COMPARED.index(table.schema), table.name))


def _has_files(config: Mapping[str, Any]) -> bool:
    return config["materialized"] in ("table", "incremental") and not config.get("partition_by")
