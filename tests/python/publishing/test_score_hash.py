"""F8: the score hash depends on values, and on nothing else."""

import hashlib

import duckdb
import pytest

from orchestration.publishing import PublishError, mart_hash, score_hash

COLUMNS = """
    partner_id varchar, week_start date, revenue_score double, engagement_score double,
    revenue_band varchar, engagement_band varchar, status varchar
"""
ROWS = """
    select 'P' || (i % 50), date '2024-01-01' + 7 * cast(i // 50 as integer), sqrt(i),
        case when i % 7 = 0 then null else i / 3 end, ['high', 'low', null][1 + i % 3], 'low', 'ok'
    from range(5000) as r (i)
"""


def make(columns: str = COLUMNS, order: str = "i", rows: str = ROWS) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute(f"create table marts.partner_score_history ({columns})")
    connection.execute(f"insert into marts.partner_score_history {rows} order by {order}")
    return connection


def change(sql: str) -> str:
    connection = make()
    connection.execute(f"update marts.partner_score_history {sql}")
    return score_hash(connection)


@pytest.mark.parametrize("order", ["i", "i desc", "hash(i)"])
@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns", "Pacific/Kiritimati"])
def test_order_threads_and_time_zone_do_not_count(order: str, threads: int, zone: str) -> None:
    connection = make(order=order)
    connection.execute(f"set threads = {threads}")
    connection.execute(f"set timezone = '{zone}'")
    connection.execute("set default_null_order = 'nulls_first'" if threads == 1 else "select 1")
    assert score_hash(connection) == score_hash(make())


def test_instants_do_not_depend_on_the_time_zone() -> None:
    found = set()
    for zone in ("UTC", "Asia/Kathmandu"):
        connection = duckdb.connect()
        connection.execute("set timezone = 'UTC'")
        connection.execute(
            "create schema marts; create table marts.events as "
            "select timestamptz '2026-03-29 01:30:00+00' as happened_at, 1 as id"
        )
        connection.execute(f"set timezone = '{zone}'")
        columns = ("id", "happened_at")
        found.add(score_hash(connection, relation="events", columns=columns))
    assert len(found) == 1


def test_the_type_of_a_score_does_not_count() -> None:
    decimals = COLUMNS.replace("score double", "score decimal(18, 6)")
    assert score_hash(make(decimals)) == score_hash(make())
    integers = COLUMNS.replace("score double", "score integer")
    whole = ROWS.replace("sqrt(i)", "i").replace("i / 3", "i")
    assert score_hash(make(integers, rows=whole)) == score_hash(make(rows=whole))


def test_beyond_the_sixth_decimal_nothing_counts_and_before_it_everything() -> None:
    same = change("set revenue_score = revenue_score + 1e-12")
    assert same == score_hash(make())
    assert change("set revenue_score = -0.0 where revenue_score = 0") == same
    other = {
        change("set revenue_score = revenue_score + 0.000002 where partner_id = 'P7'"),
        change("set status = 'OK' where partner_id = 'P7'"),
        change("set revenue_band = '' where revenue_band is null"),
        change("set engagement_score = 0 where engagement_score is null"),
        change("set engagement_score = 'nan' where engagement_score is null"),
        change("set week_start = week_start + 1 where partner_id = 'P7'"),
        change("set revenue_band = 'lowl', engagement_band = 'ow' where partner_id = 'P7'"),
    }
    assert len(other) == 7
    assert same not in other


def test_rows_that_come_twice_count() -> None:
    connection = make()
    connection.execute("insert into marts.partner_score_history "
                       "from marts.partner_score_history limit 1")  # fmt: skip
    assert score_hash(connection) != score_hash(make())


def test_texts_cannot_be_shifted_between_columns() -> None:
    found = set()
    for first, second in (("a1:b", "c"), ("a", "b1:c"), ("a-", "c"), ("a", "-c")):
        connection = duckdb.connect()
        connection.execute("create schema marts; create table marts.texts as "
                           "select ? as one, ? as two", [first, second])  # fmt: skip
        found.add(score_hash(connection, relation="texts", columns=("one", "two")))
    assert len(found) == 4


def test_an_absent_column_is_an_error() -> None:
    with pytest.raises(PublishError, match="nothing_such"):
        score_hash(make(), columns=("partner_id", "nothing_such"))
    with pytest.raises(PublishError, match="partner_id"):
        score_hash(duckdb.connect())


def test_the_hash_is_stable_across_versions_of_this_code() -> None:
    # Published manifests hold hashes: a change here makes every one of them wrong.
    connection = make(rows="select 'P1', date '2024-01-01', 12.5, null, 'high', 'low', 'ok' "
                           "from range(1) as r (i)")  # fmt: skip
    text = "2:P110:2024-01-018:12500000-4:high3:low2:ok"
    assert score_hash(connection) == hashlib.sha256(text.encode()).hexdigest()


def mart(values: str, columns: str = "k integer, a double, b varchar") -> str:
    connection = duckdb.connect()
    connection.execute(f"create schema marts; create table marts.m ({columns})")
    connection.execute(f"insert into marts.m values {values}")
    return mart_hash(connection, "m")


def test_the_hash_of_a_mart_does_not_depend_on_order_or_type_of_number() -> None:
    one = mart("(1, 0.5, 'x'), (2, null, 'y'), (2, null, 'y')")
    assert mart("(2, null, 'y'), (1, 0.5, 'x'), (2, null, 'y')") == one
    assert mart("(2, null, 'y'), (2, null, 'y'), (1, 0.5, 'x')",
                "k bigint, a decimal(9, 3), b varchar") == one  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        "(1, 0.500001, 'x'), (2, null, 'y'), (2, null, 'y')",
        "(1, 0.5, 'x'), (2, null, 'y')",
        "(1, 0.5, 'x'), (1, 0.5, 'x'), (2, null, 'y')",
        "(1, 0.5, 'y'), (2, null, 'x'), (2, null, 'y')",
        "(1, 0.5, 'x'), (2, 0, 'y'), (2, null, 'y')",
        "(1, 0.5, null), (2, null, 'y'), (2, null, 'y')",
    ],
)
def test_the_hash_of_a_mart_sees_every_value_and_every_row(other: str) -> None:
    assert mart(other) != mart("(1, 0.5, 'x'), (2, null, 'y'), (2, null, 'y')")


def test_the_hash_of_a_mart_sees_the_names_of_its_columns() -> None:
    assert mart("(1, 2, 'x')") != mart("(1, 2, 'x')", "k integer, c double, b varchar")
