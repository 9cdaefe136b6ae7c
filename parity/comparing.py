"""Compares two relations cell by cell, in DuckDB: columns, rows, ranges of weeks, every value.

Numbers may differ by 2e-6, absolute or, above 1, relative: sums of doubles follow the order of
rows, which no engine promises. Everything else is equal or it differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from orchestration.database import quoted
from parity.tables import Table

TOLERANCE = 2e-6
SHOWN = 5
FRACTIONS = ("DOUBLE", "FLOAT", "DECIMAL")
NUMBERS = (*FRACTIONS, "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")


@dataclass
class Difference:
    """One way in which two tables differ, with the first cells that show it."""

    what: str
    cells: list[str] = field(default_factory=list)


@dataclass
class Comparison:
    """What the comparison of one table found."""

    table: Table
    rows: int = 0
    cells: int = 0
    weeks: tuple[str, str] | None = None
    largest: float = 0.0
    largest_in: str = ""
    differences: list[Difference] = field(default_factory=list)


def compare(
    connection: duckdb.DuckDBPyConnection, table: Table, left: str, right: str
) -> Comparison:
    """Compare the relations `left` (the reference) and `right` (SQL to select from)."""
    found = Comparison(table)
    ours, theirs = _columns(connection, left), _columns(connection, right)
    if differs := _differing_columns(ours, theirs):
        found.differences.append(Difference(f"columns: {differs}"))
        return found
    for what, query in _totals(ours):
        a, b = (_one(connection, query.format(side)) for side in (left, right))
        if a != b:
            found.differences.append(Difference(f"{what}: {a} and {b}"))
    found.rows = _one(connection, f"select count(*) from {left}")[0]
    found.cells = found.rows * len(set(ours) - set(table.apart))
    if "week_start" in ours:
        least, most = _one(connection, f"select min(week_start), max(week_start) from {left}")
        found.weeks = (str(least), str(most)) if least else None
    _compare_cells(connection, found, ours, left, right)
    return found


def _compare_cells(
    connection: duckdb.DuckDBPyConnection,
    found: Comparison,
    columns: dict[str, str],
    left: str,
    right: str,
) -> None:
    key = list(found.table.key) or [
        name for name, kind in columns.items() if not kind.startswith(FRACTIONS)
    ]
    values = [name for name in columns if name not in (*key, *found.table.apart)]
    both = "both_sides"
    joined = _joined(columns, key, left, right, is_key=bool(found.table.key))
    connection.execute(f"create or replace temp table {both} as {joined}")
    alone = f"from {both} where side_a is null or side_b is null"
    missing = _one(connection, f"select count(*) {alone}")[0]
    if missing:
        shown = connection.execute(
            f"select side_a is null as is_only_right, {_shown_key(key)} {alone} limit {SHOWN}"
        ).fetchall()
        cells = [f"{row[1]} only {'on the second' if row[0] else 'on the first'}" for row in shown]
        found.differences.append(Difference(f"{missing} rows are on one engine only", cells))
    for name in values:
        a, b = f"{quoted('a_' + name)}", f"{quoted('b_' + name)}"
        gap = "null"
        if columns[name].startswith(NUMBERS):
            x, y = f"cast({a} as double)", f"cast({b} as double)"
            gap = f"abs({x} - {y}) / greatest(1, abs({x}), abs({y}))"
        differs = f"({a} is distinct from {b} and not coalesce({gap} <= {TOLERANCE}, false))"
        matched = f"from {both} where side_a and side_b"
        count, largest = _one(
            connection,
            f"select count(*) filter (where {differs}), "
            f"max({gap}) filter (where {a} is distinct from {b}) {matched}",
        )
        if largest is not None and largest > found.largest:
            found.largest, found.largest_in = largest, f"{found.table}.{name}"
        if count:
            shown = connection.execute(
                f"select {_shown_key(key)}, {a}, {b} {matched} and {differs} limit {SHOWN}"
            ).fetchall()
            cells = [f"{row[0]}: {row[1]} and {row[2]}" for row in shown]
            found.differences.append(Difference(f"{name}: {count} cells differ", cells))


def _joined(
    columns: dict[str, str], key: Sequence[str], left: str, right: str, *, is_key: bool
) -> str:
    """Both sides of each row. Rows that share a key are numbered in the order of all columns."""
    shared = ", ".join(quoted(name) for name in key)
    order = ", ".join(f"{quoted(name)} nulls first" for name in ([] if is_key else columns))
    order = f" order by {order}" if order else ""

    def side(prefix: str, relation: str) -> str:
        named = ", ".join(f"{quoted(name)} as {quoted(prefix + name)}" for name in columns)
        return (
            f"(select true as side_{prefix}x, {named}, "
            f"row_number() over (partition by {shared}{order}) as {prefix}place "
            f"from {relation})"
        ).replace(f"side_{prefix}x", f"side_{prefix[0]}")

    match = " and ".join(
        f"{quoted('a_' + name)} is not distinct from {quoted('b_' + name)}" for name in key
    )
    return (
        f"select * from {side('a_', left)} full join {side('b_', right)} "
        f"on {match} and a_place = b_place"
    )


def _shown_key(key: Sequence[str]) -> str:
    sides = [
        [f"cast({quoted(prefix + name)} as varchar)" for prefix in ("a_", "b_")] for name in key
    ]
    parts = ", ".join(f"coalesce({ours}, {theirs}, '')" for ours, theirs in sides)
    return f"concat_ws(' | ', {parts}) as key_shown"


def _totals(columns: dict[str, str]) -> list[tuple[str, str]]:
    totals = [("rows", "select count(*) from {}")]
    if "week_start" in columns:
        weeks = "select min(week_start), max(week_start), count(distinct week_start) from {}"
        totals.append(("first, last and number of weeks", weeks))
    return totals


def _differing_columns(ours: dict[str, str], theirs: dict[str, str]) -> str:
    missing = sorted(set(ours) ^ set(theirs))
    kinds = [
        f"{name} is {kind} and {theirs[name]}"
        for name, kind in ours.items()
        if name in theirs and _family(kind) != _family(theirs[name])
    ]
    return "; ".join([f"{name} is on one engine only" for name in missing] + kinds)


def _family(kind: str) -> str:
    """Types that hold the same values; a count is BIGINT here and INTEGER there."""
    if kind.startswith("TIMESTAMP"):
        return "TIMESTAMP"
    return "NUMBER" if kind.startswith(NUMBERS) else kind


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    described = connection.execute(f"describe select * from {relation}").fetchall()
    return {row[0]: row[1] for row in described}


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row
