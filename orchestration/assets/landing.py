"""Raw tables: one asset per entity of the landing contract, and the ledger of files."""

from collections.abc import Iterator

import dagster as dg

from orchestration.contracts import Contract, load_contracts
from orchestration.landing import land
from orchestration.settings import Settings

WRITER = "duckdb_writer"
LEDGER_KEY = dg.AssetKey(["landing", "files"])


def raw_key(contract: Contract) -> dg.AssetKey:
    """The key that dbt's source of the same name has."""
    return dg.AssetKey([contract.source, contract.entity])


def owner_tag(owner: str) -> list[str]:
    return [f"team:{owner}"] if owner else []


SPECS = [
    dg.AssetSpec(
        raw_key(contract),
        group_name="landing",
        description=contract.description,
        owners=owner_tag(contract.owner),
        kinds={"duckdb", "file"},
        metadata={"interval": contract.interval, "event time": contract.event_time},
    )
    for contract in load_contracts().values()
] + [
    dg.AssetSpec(
        LEDGER_KEY,
        group_name="landing",
        description="Every file that arrived and what became of it.",
        owners=owner_tag("data-engineering"),
        kinds={"duckdb"},
    )
]


@dg.multi_asset(specs=SPECS, name="land_files", pool=WRITER)
def raw_tables(
    context: dg.AssetExecutionContext, writable: dg.ResourceParam[Settings]
) -> Iterator[dg.MaterializeResult]:
    """Land what is new in the landing folder; every line is counted."""
    report = land(writable, progress=context.log.info)
    context.log.info(
        f"landed {report.rows_landed:,} rows of {report.files_landed:,} files; "
        f"{report.lines_rejected:,} lines rejected, {report.files_quarantined:,} files "
        f"quarantined, {report.files_skipped:,} files known already"
    )
    for contract in load_contracts().values():
        mine = [
            each
            for each in report.files
            if (each.source, each.entity) == (contract.source, contract.entity)
        ]
        yield dg.MaterializeResult(
            asset_key=raw_key(contract),
            metadata={
                "dagster/row_count": sum(each.rows_landed for each in mine),
                "files": len(mine),
                "lines rejected": sum(each.lines_rejected for each in mine),
                "files quarantined": sum(each.status == "quarantined" for each in mine),
            },
        )
    yield dg.MaterializeResult(
        asset_key=LEDGER_KEY,
        metadata={
            "files landed": report.files_landed,
            "files quarantined": report.files_quarantined,
            "files waiting": report.files_waiting,
            "physical lines": report.physical_lines,
            "lines lost": report.lines_lost,
        },
    )
