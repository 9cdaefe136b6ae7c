"""What dbt's manifest promises of each mart: the columns that name a row, units, and for whom.

A release states it in its manifest, so that databases that it is copied to can have keys and exact
types. Whether a promise holds is tested by dbt, not here.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.settings import Settings

Promises = dict[str, dict[str, Any]]


def of_marts(settings: Settings) -> Promises:
    """By mart: `key`, the columns that a test holds to be unique, `units` by column, and
    `audience`, who may see it.

    Empty where dbt has built nothing.
    """
    path = settings.dbt_target / "manifest.json"
    if not path.exists():
        return {}
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"]
    keys = dict(keys_of(nodes))
    return {
        node["alias"]: {
            "key": list(_key(unique_id, nodes, keys)),
            "units": _units(node),
            "audience": node["config"].get("meta", {}).get("audience"),
        }
        for unique_id, node in nodes.items()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }


def keys_of(nodes: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each model that a test of dbt names the key of, with its columns."""
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        given = test.get("kwargs", {})
        if test.get("name") == "unique_combination":
            yield node["attached_node"], tuple(given["columns"])
        elif test.get("name") == "unique":
            yield node["attached_node"], (given["column_name"],)


def _key(
    unique_id: str, nodes: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Its own key; a view that shows one table as it is has that table's."""
    if unique_id in keys:
        return keys[unique_id]
    parents = [each for each in nodes[unique_id]["depends_on"]["nodes"] if each in nodes]
    theirs = keys.get(parents[0], ()) if len(parents) == 1 else ()
    return theirs if set(theirs) <= set(nodes[unique_id]["columns"]) else ()


def _units(node: Mapping[str, Any]) -> dict[str, str]:
    found = {
        name: (column.get("config") or {}).get("meta", {}).get("unit")
        for name, column in node["columns"].items()
    }
    return {name: unit for name, unit in found.items() if unit}
