"""What a release carries beside its marts: lineage, quality, events, contracts, metrics."""

import dataclasses
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration import semantics
from orchestration.contracts import load_contracts
from orchestration.database import connect, rows_of
from orchestration.governance import odcs, openlineage
from orchestration.quality import CheckResult
from orchestration.settings import Settings

COLUMNS = """
    select table_name, list((column_name, data_type, comment) order by column_index)
    from duckdb_columns()
    where schema_name = 'marts' and database_name = current_database()
    group by table_name order by table_name
"""


def attachments(
    settings: Settings,
    *,
    run_id: str,
    code_version: str,
    files: Sequence[dict[str, Any]],
    results: Sequence[CheckResult],
) -> dict[str, Path]:
    """Write the attachments of a run; gives their places by their names in the release."""
    target = settings.dbt_target
    contracts = load_contracts()
    odcs.write(contracts, target / "contracts")
    semantics.write(settings, target / semantics.FOLDER)
    run = openlineage.RunOfRelease(
        run_id=run_id,
        code_version=code_version,
        started_at=min((each.checked_at for each in results), default=datetime.now(UTC)),
        ended_at=datetime.now(UTC),
        contracts=contracts,
        files=files,
        marts=_marts(settings),
        lineage=_lineage(settings),
        results=[dataclasses.asdict(each) for each in results],
    )
    events = target / "openlineage.ndjson"
    events.write_text(openlineage.as_lines(openlineage.events(run)), encoding="utf-8")
    found = {
        "lineage.json": target / "lineage.json",
        "openlineage.ndjson": events,
        "contracts": target / "contracts",
        semantics.FOLDER: target / semantics.FOLDER,
        "quality": settings.quality / "data_docs",
    }
    return {name: path for name, path in found.items() if path.exists()}


def _marts(settings: Settings) -> list[openlineage.MartFacts]:
    nodes = json.loads((settings.dbt_target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    stated = {
        node["name"]: node
        for node in nodes.values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }
    found = []
    with connect(settings, read_only=True) as connection:
        for name, columns in connection.execute(COLUMNS).fetchall():
            (rows,) = connection.execute(f'select count(*) from marts."{name}"').fetchone() or (0,)
            node = stated.get(name, {})
            owner = node.get("config", {}).get("meta", {}).get("owner", "")
            about = " ".join(node.get("description", "").split())
            found.append(openlineage.MartFacts(name, about, owner, rows, columns))
    return found


def _lineage(settings: Settings) -> list[dict[str, str]]:
    with connect(settings, read_only=True) as connection:
        return rows_of(connection, "from derived.column_lineage where step = 'origin' order by all")
