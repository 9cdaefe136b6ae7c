"""The dbt project as assets: staging to marts, with dbt's tests as their checks."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from orchestration.assets.landing import WRITER, owner_tag
from orchestration.builds import Build, may_add_to_last_build, remember
from orchestration.preparation import prepare
from orchestration.settings import Settings

MANIFEST = prepare(Settings())


class Translator(DagsterDbtTranslator):
    """Names and owners as the house has them: a folder is a schema is a group."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        if dbt_resource_props["resource_type"] == "seed":
            return "policy"
        if dbt_resource_props["resource_type"] == "model":
            return str(dbt_resource_props["fqn"][1])
        return None

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str] | None:
        meta = dbt_resource_props.get("config", {}).get("meta", {})
        return owner_tag(meta.get("owner", "data-engineering"))


@dbt_assets(manifest=MANIFEST, dagster_dbt_translator=Translator(), pool=WRITER)
def warehouse(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, settings: dg.ResourceParam[Settings]
) -> Iterator[Any]:
    """Build and test everything between the raw tables and the marts."""
    build = Build.of(settings)
    adds = may_add_to_last_build(settings, build)
    context.log.info("building on the last run" if adds else "building everything anew")
    remember(settings, None)  # until it is whole, the next run may not add to it
    words = ["build", "--vars", json.dumps(settings.dbt_variables())]
    invocation = dbt.cli(words if adds else [*words, "--full-refresh"], context=context)
    events = invocation.stream()
    if settings.lineage:
        events = events.fetch_column_metadata(with_column_lineage=True)
    lineage: dict[str, Any] = {}
    done = 0
    for event in events:
        if isinstance(event, dg.Output | dg.AssetMaterialization | dg.MaterializeResult):
            done += 1
            if done % 25 == 0:
                context.log.info(f"{done} models built")
            _collect(lineage, event)
        yield event
    remember(settings, build)
    (settings.dbt_target / "lineage.json").write_text(json.dumps(lineage, indent=1, sort_keys=True))


def _collect(lineage: dict[str, Any], event: Any) -> None:
    """Keep an event's column lineage as plain JSON: model -> column -> ["model.column", ...]."""
    found = (event.metadata or {}).get("dagster/column_lineage")
    if found is None:
        return
    name = getattr(event, "output_name", None) or "/".join(event.asset_key.path)
    lineage[name] = {
        column: sorted(f"{'.'.join(dep.asset_key.path)}.{dep.column_name}" for dep in deps)
        for column, deps in found.value.deps_by_column.items()
    }
