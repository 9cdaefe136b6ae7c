"""What a check is called, how it ended, and the ledger of results `quality.check_results`.

Nothing is measured here. No field of a result may hold a value of a row: results are published.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Literal

import duckdb

Gate = Literal["arrival", "release"]
Severity = Literal["error", "warn"]
Status = Literal["passed", "failed", "crashed"]


@dataclass(frozen=True)
class CheckSpec:
    """One check as announced before it runs; publishing compares results with these."""

    gate: Gate
    check_name: str
    relation: str
    column_name: str | None
    expectation: str
    severity: Severity
    expected: str
    remedy: str


@dataclass(frozen=True)
class CheckResult:
    """One row of `quality.check_results`; the fields are its columns, in order."""

    run_id: str
    gate: Gate
    check_name: str
    relation: str
    column_name: str | None
    expectation: str
    severity: Severity
    status: Status
    expected: str
    observed: str
    unexpected_rows: int | None
    evaluated_rows: int | None
    remedy: str
    checked_at: datetime

    @property
    def blocks(self) -> bool:
        """Whether publishing must stop. A crashed check blocks at any severity: no answer."""
        return self.status == "crashed" or (self.status == "failed" and self.severity == "error")


COLUMN_TYPES = {
    "unexpected_rows": "bigint",
    "evaluated_rows": "bigint",
    "checked_at": "timestamp",
}
COLUMNS = tuple(column.name for column in fields(CheckResult))


def blocking_failures(results: Iterable[CheckResult]) -> list[CheckResult]:
    """The results that forbid publishing, in order."""
    return [result for result in results if result.blocks]


def missing_checks(
    expected: Iterable[CheckSpec], results: Iterable[CheckResult]
) -> list[CheckSpec]:
    """Expected checks without a result. A missing check blocks as a failed one does."""
    answered = {(result.gate, result.check_name) for result in results}
    return [spec for spec in expected if (spec.gate, spec.check_name) not in answered]


def ensure_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `quality.check_results` where it is absent."""
    columns = ", ".join(f"{name} {COLUMN_TYPES.get(name, 'varchar')}" for name in COLUMNS)
    connection.execute("create schema if not exists quality")
    connection.execute(f"create table if not exists quality.check_results ({columns})")


def record(connection: duckdb.DuckDBPyConnection, results: list[CheckResult]) -> None:
    """Write results in one transaction. A check that ran again in the same run replaces itself."""
    ensure_tables(connection)
    connection.execute("begin")
    try:
        for run_id, gate, relation in {(one.run_id, one.gate, one.relation) for one in results}:
            connection.execute(
                "delete from quality.check_results where run_id = ? and gate = ? and relation = ?",
                [run_id, gate, relation],
            )
        if results:
            connection.executemany(
                f"insert into quality.check_results ({', '.join(COLUMNS)}) "
                f"values ({', '.join('?' * len(COLUMNS))})",
                [astuple(result) for result in results],
            )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def read_results(connection: duckdb.DuckDBPyConnection, run_id: str) -> list[CheckResult]:
    """The recorded results of a run, in the order of their names."""
    ensured = connection.execute(
        "select 1 from information_schema.tables "
        "where table_schema = 'quality' and table_name = 'check_results'"
    ).fetchone()
    if not ensured:
        return []
    rows = connection.execute(
        f"select {', '.join(COLUMNS)} from quality.check_results "
        "where run_id = ? order by gate, check_name",
        [run_id],
    ).fetchall()
    return [CheckResult(*row) for row in rows]
