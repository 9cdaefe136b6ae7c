"""The dbt project as assets: staging to marts, with dbt's tests as their checks."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from orchestration import derivations, derived, lake
from orchestration.assets.landing import WRITER, owner_tag
from orchestration.builds import Build, may_add_to_last_build, remember
from orchestration.database import connect
from orchestration.lineage import ColumnLineage
from orchestration.preparation import prepare, variables_of
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
    context: dg.AssetExecutionContext, dbt: DbtCliResource, writable: dg.ResourceParam[Settings]
) -> Iterator[Any]:
    """Build and test everything between the raw tables and the marts."""
    build = Build.of(writable)
    adds = may_add_to_last_build(writable, build)
    context.log.info("building on the last run" if adds else "building everything anew")
    if writable.is_on_spark:
        with connect(writable) as connection:
            derived.ensure_tables(connection)
        report = lake.write(writable)
        context.log.info(f"{report.rows_written:,} rows written to the lake")
    remember(writable, None)  # until it is whole, the next run may not add to it
    # Unit tests judge the code, not the data: they run with the tests of the project.
    words = ["build", "--exclude-resource-type", "unit_test"]
    words += variables_of(writable)
    invocation = dbt.cli(words if adds else [*words, "--full-refresh"], context=context)
    lineage = ColumnLineage(
        json.loads(MANIFEST.read_text()),
        invocation.target_path,
        dialect="spark" if writable.is_on_spark else "duckdb",
    )
    written = writable.dbt_target / "lineage.json"
    if adds and written.exists():
        lineage.recall(written)
    built: set[str] = set()
    try:
        for event in invocation.stream():
            if isinstance(event, dg.Output):
                built.add(str(event.metadata["unique_id"].value))
                if len(built) % 25 == 0:
                    context.log.info(f"{len(built)} tables and views built")
                if writable.lineage:
                    event = _with_lineage(event, lineage)
            yield event
    finally:
        # However this ends, no dbt goes on writing behind it.
        if invocation.process.poll() is None:
            invocation.process.kill()
            invocation.process.wait()
    if writable.is_on_spark:
        lake.collect(writable, MANIFEST, invocation.target_path, built)
    derivations.work_out(writable, lineage if writable.lineage else None)
    remember(writable, build)
    if writable.lineage:
        lineage.write(written)


def _with_lineage(event: dg.Output[Any], lineage: ColumnLineage) -> dg.Output[Any]:
    """The same event, saying for each column which columns it is made from."""
    columns = lineage.of(str(event.metadata["unique_id"].value))
    if not columns:
        return event
    deps_by_column = {
        column: [
            dg.TableColumnDep(dg.AssetKey(parent.split(".")[:2]), parent.split(".")[2])
            for parent in parents
        ]
        for column, parents in columns.items()
    }
    return dg.Output(
        event.value,
        output_name=event.output_name,
        metadata={
            **event.metadata,
            "dagster/column_lineage": dg.TableColumnLineage(deps_by_column=deps_by_column),
        },
    )
