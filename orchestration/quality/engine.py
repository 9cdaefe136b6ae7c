"""Great Expectations on DuckDB: a data source that keeps one connection and lets go of the file.

GX 1.24 has no DuckDB engine: its SQL engine closes the connection before it fetches, and a DuckDB
result dies with its connection. Import this module inside functions only; it imports Great
Expectations. What is expected of the data does not belong here.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

# Before the import: Great Expectations reads it once and would report its use otherwise.
os.environ["GX_ANALYTICS_ENABLED"] = "False"

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from great_expectations.expectations.core.expect_column_max_to_be_between import (
    ExpectColumnMaxToBeBetween,
)
from great_expectations.expectations.core.expect_column_min_to_be_between import (
    ExpectColumnMinToBeBetween,
)
from great_expectations.expectations.metadata_types import FailureSeverity

from orchestration.database import quoted
from orchestration.quality.checks import Check, Summary
from orchestration.settings import Settings

EngineType = type[SqlAlchemyExecutionEngine]  # `type` is a field of a data source
SEVERITIES = {"error": FailureSeverity.CRITICAL, "warn": FailureSeverity.WARNING}


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Runs every query of a validation on one connection that stays open until `close`."""

    @contextmanager
    def get_connection(self) -> Iterator[sa.Connection]:
        if self._connection is None:
            self._connection = self.engine.connect()
        yield self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.engine.dispose()


class DuckDBDatasource(SQLDatasource):
    """A SQL data source whose own engine and whose execution engine are one and the same."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]

    @property
    def execution_engine_type(self) -> EngineType:
        return DuckDBExecutionEngine

    def _create_engine(self) -> sa.Engine:
        # Autocommit, and one connection for all: the summaries are temporary tables of it.
        return sa.create_engine(
            str(self.connection_string),
            poolclass=sa.pool.StaticPool,
            isolation_level="AUTOCOMMIT",
            **self.kwargs,
        )

    def get_execution_engine(self) -> SqlAlchemyExecutionEngine:
        if self._execution_engine is None:
            self._execution_engine = DuckDBExecutionEngine(
                name=self.name, engine=self.get_engine(), create_temp_table=False
            )
        return self._execution_engine

    def close(self) -> None:
        """Let go of the file: close the connection and dispose of both engines."""
        if self._execution_engine is not None:
            self._execution_engine.close()
            self._execution_engine = None
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None


@dataclass(frozen=True)
class Verdict:
    """What Great Expectations said of one measure. `error` names the type of what was raised."""

    success: bool
    error: str | None = None


class Session:
    """A read-only session on the working database in which summaries are made and validated."""

    def __init__(self, settings: Settings) -> None:
        # In memory, and without the temporary folder for pages that the default leaves behind.
        stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
        self._context = gx.get_context(
            mode="ephemeral", project_config=DataContextConfig(store_backend_defaults=stores)
        )
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        url = sa.URL.create(
            "duckdb", database=str(settings.working_database), query={"access_mode": "read_only"}
        )
        limits = {
            "memory_limit": settings.memory_limit,
            "threads": settings.threads,
            "temp_directory": str(settings.temp),
            "max_temp_directory_size": settings.temp_limit,
        }
        source = DuckDBDatasource(
            name="working_database",
            connection_string=url.render_as_string(hide_password=False),
            kwargs={"connect_args": {"config": limits}},
        )
        self._source = cast("DuckDBDatasource", self._context.add_datasource(datasource=source))
        self._engine = self._source.get_execution_engine()
        self.execute("set timezone = 'UTC'")

    def close(self) -> None:
        self._source.close()

    def execute(self, statement: str) -> None:
        with self._engine.get_connection() as connection:
            connection.exec_driver_sql(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self._engine.get_connection() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query).fetchall()]

    def summarise(self, summary: Summary, checks: tuple[Check, ...]) -> dict[str, Any]:
        """Make the one-row temporary table of these checks and return its row."""
        table = quoted(_name(summary))
        self.execute(f"create or replace temp table {table} as {summary.select(checks)}")
        with self._engine.get_connection() as connection:
            found = connection.exec_driver_sql(f"select * from {table}").mappings().one()
            return dict(found)

    def validate(
        self, summary: Summary, checks: tuple[Check, ...]
    ) -> tuple[dict[str, Verdict], dict[str, Any]]:
        """Validate the summary made last: verdicts by measure, and the report as JSON."""
        name = _name(summary)
        asset = self._source.add_query_asset(name, f"select * from {quoted(name)}")
        batch = asset.add_batch_definition_whole_table("summary").get_batch()
        suite = gx.ExpectationSuite(name=name, expectations=[_expectation(one) for one in checks])
        report = batch.validate(suite, result_format="BASIC")
        verdicts = {}
        for result in report.results:
            assert result.expectation_config is not None
            error = _raised(result.exception_info)
            # Messages and tracebacks may quote a value; only the type is kept.
            result.exception_info = {"raised_exception": error is not None, "type": error}
            measure = result.expectation_config.kwargs["column"]
            verdicts[measure] = Verdict(bool(result.success) and not error, error)
        kept: dict[str, Any] = report.to_json_dict()
        return verdicts, kept


@contextmanager
def session(settings: Settings) -> Iterator[Session]:
    """Open a session and close it whatever happens, so that no lock on the file remains."""
    settings.temp.mkdir(parents=True, exist_ok=True)
    opened = Session(settings)
    try:
        yield opened
    finally:
        opened.close()


def _name(summary: Summary) -> str:
    return f"{summary.gate}.{summary.relation}"


def _expectation(check: Check) -> Any:
    # The summary has one row, so its maximum and its minimum are the value itself.
    maximum = check.spec.expectation == "expect_column_max_to_be_between"
    kind = ExpectColumnMaxToBeBetween if maximum else ExpectColumnMinToBeBetween
    return kind(
        column=check.measure,
        min_value=check.least,
        max_value=check.most,
        severity=SEVERITIES[check.spec.severity],
        description=check.spec.expected,
        notes=check.spec.remedy,
        meta={"check": check.spec.check_name},
    )


def _raised(info: Any) -> str | None:
    """The type of what an expectation raised: GX nests it by metric, or states it flat."""
    nested = [one for one in (info or {}).values() if isinstance(one, dict)] or [info or {}]
    for one in nested:
        if one.get("raised_exception"):
            lines = str(one.get("exception_traceback") or "").strip().splitlines()
            return lines[-1].split(":")[0] if lines else "error"
    return None
