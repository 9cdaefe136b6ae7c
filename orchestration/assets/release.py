"""The release: what readers see, made only when every expected check has passed."""

import json
from datetime import timedelta

import dagster as dg

from orchestration import publishing
from orchestration.assets.landing import WRITER, owner_tag
from orchestration.assets.warehouse import MANIFEST
from orchestration.run_facts import gather_facts
from orchestration.settings import Settings


def mart_keys() -> list[dg.AssetKey]:
    """Every model of the marts: the release waits for all of them and for their checks."""
    nodes = json.loads(MANIFEST.read_text())["nodes"].values()
    return sorted(
        dg.AssetKey([node["schema"], node["name"]])
        for node in nodes
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    )


@dg.asset(
    key=["release"],
    group_name="release",
    deps=mart_keys(),
    owners=owner_tag("data-engineering"),
    kinds={"duckdb", "parquet"},
    pool=WRITER,
    # A day may be missed, two may not.
    freshness_policy=dg.FreshnessPolicy.time_window(
        fail_window=timedelta(hours=48), warn_window=timedelta(hours=30)
    ),
)
def release(
    context: dg.AssetExecutionContext, writable: dg.ResourceParam[Settings]
) -> dg.MaterializeResult:
    """Marts in one read-only DuckDB file and in Parquet, with manifest, lineage and reports."""
    facts = gather_facts(writable, context.run_id)
    published = publishing.publish(writable, facts)
    context.log.info(f"published release {published.id}")
    return dg.MaterializeResult(
        metadata={
            "release": published.id,
            "as of": str(published.as_of),
            "partners": published.partners,
            "score hash": published.score_hash,
            "folder": dg.MetadataValue.path(str(published.path)),
        }
    )
