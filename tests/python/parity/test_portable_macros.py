"""Each dispatched macro means the same on both engines: values worked out by hand."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.engines import EngineMissing, check_engine
from orchestration.settings import PROJECT_DIR
from tests.python.parity.macros import Macros

MONDAY, SUNDAY = "cast('2026-01-05' as date)", "cast('2026-01-11' as date)"
MORNING = "cast('2026-03-29 01:30:00' as timestamp)"
STAMP = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

# name of the macro -> what is called with what, and what it must give
CASES: dict[str, list[tuple[tuple[Any, ...], Any]]] = {
    "day_bit": [((MONDAY, MONDAY), 1), ((SUNDAY, MONDAY), 64)],
    "full_match": [
        (("'2026-01-05'", STAMP), True),
        (("'2026-01-05 '", STAMP), False),
        (("'x2026-01-05'", STAMP), False),
        (("'b'", "a|b"), True),
        (("'ab'", "a|b"), False),
        # A line end at the end is no full match, and a point matches no line end.
        (("concat('a', chr(10))", "a"), False),
        (("cast(null as {string})", STAMP), None),
    ],
    # The first twelve digits of md5sum's answer.
    "uniform_of": [
        (("'a'",), 0x0CC175B9C0F1 / 2**48),
        (("''",), 0xD41D8CD98F00 / 2**48),
        (("concat('draw ', cast(7 as {string}))",), 0xE2994DD0127E / 2**48),
        (("cast(null as {string})",), None),
    ],
    "utc_timestamp": [
        (("'2026-03-29T01:30:00+02:00'",), datetime(2026, 3, 28, 23, 30)),
        (("'2026-03-29T01:30:00Z'",), datetime(2026, 3, 29, 1, 30)),
        (("'2026-03-29 02:30:00.123456-05:00'",), datetime(2026, 3, 29, 7, 30, 0, 123456)),
        (("'2026-02-30T00:00:00Z'",), None),
    ],
    "add_days": [
        ((MONDAY, -5), date(2025, 12, 31)),
        ((MORNING, 1), date(2026, 3, 30)),
        ((MONDAY, "cast(2 as bigint)"), date(2026, 1, 7)),
        ((MONDAY, "cast(null as integer)"), None),
    ],
    "add_weeks": [((MONDAY, 2), date(2026, 1, 19)), ((MONDAY, "-1"), date(2025, 12, 29))],
    "days_between": [
        ((MONDAY, SUNDAY), 6),
        ((SUNDAY, MONDAY), -6),
        # Days of the calendar, not 24 hours.
        (
            (
                "cast('2026-01-05 23:59:00' as timestamp)",
                "cast('2026-01-06 00:01:00' as timestamp)",
            ),
            1,
        ),
    ],
    "weeks_between": [((MONDAY, "cast('2026-01-19' as date)"), 2), ((SUNDAY, SUNDAY), 0)],
    "hours_between": [
        ((MORNING, "cast('2026-03-29 03:00:00.5' as timestamp)"), 1.5 + 0.5 / 3600),
        ((MORNING, MORNING), 0.0),
    ],
    # In UTC no hour is missing in spring.
    "add_hours": [
        ((MORNING, 1), datetime(2026, 3, 29, 2, 30)),
        ((MORNING, -2), datetime(2026, 3, 28, 23, 30)),
    ],
    "week_start": [
        ((SUNDAY,), date(2026, 1, 5)),
        ((MORNING,), date(2026, 3, 23)),
        ((MONDAY,), date(2026, 1, 5)),
    ],
}
RELATIONS = {
    "steps": ("select count(*), min(step), max(step) from {steps}", (3, 0, 2)),
    "texts_in_one": (
        "select {texts}, {some} from (select 'b' as x, 2 as place union all "
        "select 'a' as x, 3 as place union all select 'c' as x, 1 as place) as texts",
        ("c, b, a", "b; a"),
    ),
}


class OnDuckDB:
    name, string = "duckdb", "varchar"

    def __init__(self) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("set timezone = 'America/New_York'")

    def row(self, query: str) -> tuple[Any, ...]:
        found = self._connection.execute(query).fetchone()
        assert found is not None
        return found


class OnSpark:
    name, string = "spark", "string"

    def __init__(self, session: Any) -> None:
        self._session = session

    def row(self, query: str) -> tuple[Any, ...]:
        (found,) = self._session.sql(query).collect()
        return tuple(found)


@pytest.fixture(scope="module")
def spark() -> Iterator[OnSpark]:
    try:
        check_engine("spark")
    except EngineMissing as missing:
        pytest.skip(str(missing))
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC")
        # As dbt-spark sets it.
        .config("spark.sql.ansi.enabled", "false")
        .getOrCreate()
    )
    yield OnSpark(session)
    session.stop()


def ask(engine: OnDuckDB | OnSpark, name: str, given: tuple[Any, ...]) -> Any:
    words = [str(each).replace("{string}", engine.string) for each in given]
    return engine.row(f"select {getattr(Macros(engine.name), name)(*words)} as answer")[0]


def assert_every_case(engine: OnDuckDB | OnSpark) -> None:
    for name, cases in CASES.items():
        for given, expected in cases:
            found = ask(engine, name, given)
            if isinstance(expected, float):
                expected = pytest.approx(expected, abs=1e-9)
            assert found == expected, (engine.name, name, given)
    macros = Macros(engine.name)
    query, expected = RELATIONS["steps"]
    assert engine.row(query.format(steps=macros.steps(3))) == expected
    query, expected = RELATIONS["texts_in_one"]
    texts = macros.texts_in_one("x", "place asc nulls last")
    some = macros.texts_in_one("x", "place asc nulls last", "; ", "place > 1")
    assert engine.row(query.format(texts=texts, some=some)) == expected


def test_every_macro_gives_what_was_worked_out_on_duckdb():
    assert_every_case(OnDuckDB())


@pytest.mark.spark
@pytest.mark.slow
def test_every_macro_gives_what_was_worked_out_on_spark(spark: OnSpark):
    assert_every_case(spark)


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("text", ["it's", "a\\b", '50% of "x"', "line\nend", "äöü", "'; drop"])
def test_a_text_of_a_seed_arrives_as_it_is(spark: OnSpark, text: str):
    literal = Macros("spark").spark_literal(text)
    assert spark.row(f"select {literal} as text") == (text,)


def test_every_dispatched_macro_has_a_case():
    dispatched = set()
    for path in Path(PROJECT_DIR, "macros", "portable").glob("*.sql"):
        dispatched |= set(re.findall(r"adapter\.dispatch\('(\w+)'", path.read_text()))
    # Statements about tables of a build: tested by builds on both engines (`make parity`).
    of_builds = {"attach_lake", "ensure_derived", "rows_of_touched_partitions"}
    assert dispatched - of_builds == (set(CASES) | set(RELATIONS)) - {
        "add_weeks",
        "weeks_between",
        "week_start",
    }
