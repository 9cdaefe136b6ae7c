"""Tables that Python works out: as declared, all or nothing, and their key is one."""

import duckdb
import pytest

from orchestration import derived

TABLE = derived.tables()["column_lineage"]
ROW = dict.fromkeys(TABLE.columns, "x")


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def rows(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute("from derived.column_lineage order by all").fetchall()


def test_rows_are_replaced(connection: duckdb.DuckDBPyConnection):
    derived.ensure_tables(connection)
    assert rows(connection) == []
    derived.write(connection, "column_lineage", [ROW, {**ROW, "mart": "y"}])
    derived.ensure_tables(connection)  # what has the declared columns stays
    assert len(rows(connection)) == 2
    assert derived.write(connection, "column_lineage", iter([{**ROW, "mart": "z"}])) == 1
    assert [row[0] for row in rows(connection)] == ["z"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([ROW, ROW], "is no key"),
        ([{**ROW, "relation": None}], "is no key"),
        ([{**ROW, "more": 1}], "more"),
        ([{"mart": "x"}], "columns differ"),
    ],
)
def test_what_does_not_fit_changes_nothing(
    connection: duckdb.DuckDBPyConnection, wrong: list[dict], said: str
):
    derived.write(connection, "column_lineage", [ROW])
    with pytest.raises(derived.DerivedError, match=said):
        derived.write(connection, "column_lineage", wrong)
    assert len(rows(connection)) == 1


def test_a_table_of_other_columns_is_made_anew(connection: duckdb.DuckDBPyConnection):
    connection.execute("create schema derived; create table derived.column_lineage (a integer)")
    derived.ensure_tables(connection)
    assert rows(connection) == []
