"""A small landed warehouse and small marts, good in every respect; tests plant faults in them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.contracts import Column, Contract, load_contracts
from orchestration.quality import CheckResult, run_gate
from orchestration.settings import Settings

BATCHES = 5
ROWS = 40
"""Rows of an entity in each batch: one file a batch."""
AS_OF = date(2026, 11, 5)
NOW = datetime(2026, 11, 6, 4, tzinfo=UTC)
NEWEST = "_file_id = (select max(_file_id) from {table}) and _row_number <= {rows}"
CANARY = "canary.person@example.org"

LEDGER = """
create schema landing;
create table landing.files (
    file_id integer, batch_id integer, source varchar, entity varchar, path varchar,
    format varchar, bytes bigint, sha256 varchar, status varchar, reason varchar, remedy varchar,
    physical_lines bigint, rows_landed bigint, lines_rejected bigint, header_lines bigint,
    blank_lines bigint, continuation_lines bigint, unknown_columns varchar, loaded_at timestamp
);
create table landing.rejects (
    file_id integer, line_number bigint, reason varchar, text varchar, loaded_at timestamp
)
"""

MARTS = """
create schema marts;
create table marts.partner_directory as select 'P' || i as partner_id from range(40) as r (i);
create table marts.partner_score_history as
select
    'P' || i as partner_id,
    (date '2026-08-03' + to_days(cast(7 * week as integer)))::date as week_start,
    'published' as status,
    if(i % 3 = 0, 'high', 'low') as revenue_band,
    if(i % 2 = 0, 'medium', 'low') as engagement_band,
    week as tenure_week,
    0.8::double as coverage,
    40.0::double + i % 10 as revenue_raw_score,
    1.0::double as revenue_overlay,
    0.0::double as engagement_overlay,
    40.5::double as revenue_smoothed_score,
    41.0::double as revenue_score,
    60.0::double as engagement_raw_score,
    60.0::double as engagement_smoothed_score,
    59.0::double as engagement_score
from range(40) as r (i), range(12) as w (week)
where i > 1 or week < 8;
create table marts.partner_scorecards as
select
    partner_id, 'services' as segment,
    case partner_id when 'P0' then 'terminated' when 'P2' then 'unscored' else status end as status,
    case partner_id when 'P2' then 'under 4 weeks of tenure' end as status_reason,
    if(partner_id = 'P2', null, revenue_score) as revenue_score,
    if(partner_id = 'P2', null, engagement_score) as engagement_score,
    if(partner_id = 'P2', null, revenue_band) as revenue_band,
    if(partner_id = 'P2', null, engagement_band) as engagement_band,
    coverage, if(partner_id = 'P1', date '2026-10-19', week_start) as week_start,
    'v1' as framework_version
from marts.partner_score_history
qualify week_start = max(week_start) over (partition by partner_id);
create table marts.partner_score_contributions as
select
    partner_id, week_start, outcome, metric,
    if(outcome = 'revenue', revenue_raw_score - revenue_overlay, engagement_raw_score) / 2
        as contribution
from (
    from marts.partner_score_history
    qualify week_start = max(week_start) over (partition by partner_id)
), (values ('revenue'), ('engagement')) as o (outcome), (values ('a'), ('b')) as m (metric);
create table marts.partner_predictions as
select
    partner_id,
    if(partner_id = 'P3', null, 0.4) as engagement_likelihood,
    if(partner_id = 'P3', null, 0.6) as productive_likelihood,
    if(partner_id = 'P3', null, 1000.0) as expected_revenue,
    if(partner_id < 'P2', null, 100.0) as expected_revenue_low,
    if(partner_id < 'P2', null, 2500.0) as expected_revenue_high,
    if(partner_id = 'P3', 'too young', null) as engagement_missing,
    if(partner_id = 'P3', 'too young', null) as productive_missing,
    if(partner_id = 'P3', 'too young', null) as revenue_missing
from marts.partner_directory;
create table marts.experiment_verdicts as
select
    'coaching' as experiment, 'coached' as arm, 'looked at' as state, 'scale' as recommendation,
    'it is better' as reason, 0.4 as difference;
create table marts.experiment_results as
select
    'coaching' as experiment, metric, 'coached' as arm, 'log' as scale, true as is_adjusted,
    'looked at' as state, 0.4 as difference, 0.1 as difference_low, 0.7 as difference_high,
    0.02 as p_value
from (values ('activity'), ('revenue')) as m (metric);
create table marts.metric_registry as
select * from (values ('a', 'sales'), ('b', 'marketing')) as m (metric, owner);
"""


class Warehouse:
    """A copy of the good warehouse of its own for one test."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(landing=folder / "landing", warehouse=folder, known_at=None)

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = duckdb.connect(str(self.settings.working_database))
        try:
            yield connection
        finally:
            connection.close()

    def plant(self, *statements: str) -> None:
        with self.writing() as connection:
            for statement in statements:
                connection.execute(statement)

    def spoil(self, table: str, column: str, value: str | None, rows: int = 10) -> None:
        """Set a column of the first rows of the newest delivery."""
        with self.writing() as connection:
            where = NEWEST.format(table=table, rows=rows)
            connection.execute(f"update {table} set {column} = ? where {where}", [value])

    def run(self, gate: str, *relations: str, **options: object) -> dict[str, CheckResult]:
        options = {"as_of": AS_OF, "now": NOW, "run_id": "run-1"} | options
        results = run_gate(self.settings, gate, relations=list(relations) or None, **options)  # type: ignore[arg-type]
        return {result.check_name: result for result in results}

    def copy(self, name: str) -> Path:
        """A copy of the working database, as the release before."""
        target = self.settings.warehouse / name
        shutil.copy(self.settings.working_database, target)
        return target


def build_arrival(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(LEDGER)
        file_id = 0
        contracts = load_contracts().values()
        for contract in contracts:
            connection.execute(f"create schema if not exists {contract.schema}")
            columns = ", ".join(f'"{column.name}" varchar' for column in contract.columns)
            connection.execute(
                f"create table {contract.table} ({columns}, _file_id integer, "
                "_row_number bigint, _loaded_at timestamp, _note varchar)"
            )
        for batch in range(1, BATCHES + 1):
            for contract in contracts:
                file_id += 1
                land(connection, contract, file_id, batch)


def land(
    connection: duckdb.DuckDBPyConnection, contract: Contract, file_id: int, batch: int
) -> None:
    """One good file of ROWS rows, loaded at 03:00 of the day after its events."""
    day = date(2026, 11, batch)
    loaded = f"timestamp '{date(2026, 11, batch + 1)} 03:00:00'"
    values = ", ".join(_good(contract, column, day, batch) for column in contract.columns)
    connection.execute(
        f"insert into {contract.table} select {values}, {file_id}, i + 1, {loaded}, null "
        f"from range({ROWS}) as r (i)"
    )
    connection.execute(
        "insert into landing.files by name select ? as file_id, ? as batch_id, ? as source, "
        f"? as entity, ? as path, 'landed' as status, {ROWS} as rows_landed, "
        f"0 as lines_rejected, {loaded} as loaded_at",
        [
            file_id,
            batch,
            contract.source,
            contract.entity,
            f"{contract.source}/{contract.entity}/{day}.csv",
        ],
    )


def _good(contract: Contract, column: Column, day: date, batch: int) -> str:
    if column.name in contract.key:
        return f"'{contract.entity}-{batch}-' || i"
    if column.values:
        return f"{list(column.values)}[i % {len(column.values)} + 1]"
    return {
        "timestamp": f"'{day}T0' || i % 10 || ':30:00+01:00'",
        "date": f"'{day}'",
        "integer": f"cast({int(column.minimum or 0)} + i % 4 as varchar)",
        "boolean": "if(i % 2 = 0, 'true', 'false')",
        "string": "'EUR'" if column.pattern else "'text ' || i",
    }.get(column.data_type, "i || '.50'")


def build_marts(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(MARTS)
