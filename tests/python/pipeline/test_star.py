"""The star: a tool that joins tables by the names of their columns, and knows nothing else, gets
right sums. Held against a release, for that is what BI tools read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pytest

from tests.python.pipeline.running import Programme

KEYS = ("partner_id", "week_start", "metric", "framework_version")
# What is called a metric there is no metric of the score, and 0 stands for every version.
OTHER_MEANING = {
    ("experiment_plans", "metric"),
    ("experiment_results", "metric"),
    ("experiment_verdicts", "metric"),
    ("threshold_registry", "framework_version"),
}
NUMBERS = ("INTEGER", "BIGINT", "DOUBLE", "HUGEINT")
Columns = Mapping[str, Mapping[str, str]]


def not_joined_rightly(
    connection: duckdb.DuckDBPyConnection, fact: str, dimensions: Sequence[str]
) -> list[str]:
    """How a join by equal names with all these dimensions differs from the fact alone."""
    columns = connection.execute(f"describe from marts.{fact}").fetchall()
    sums = {"rows": "count(*)"} | {
        name: f"round(sum({name}), 4)" for name, kind, *_ in columns if kind in NUMBERS
    }
    chain = " ".join(f"natural join {each}" for each in dimensions)
    alone = connection.execute(f"select {', '.join(sums.values())} from marts.{fact}").fetchone()
    joined = connection.execute(
        f"select {', '.join(sums.values())} from marts.{fact} {chain}"
    ).fetchone()
    assert alone is not None and joined is not None and alone[0] > 0
    return [
        f"{fact}.{name}: {after} instead of {before}"
        for name, before, after in zip(sums, alone, joined, strict=True)
        if before != after
    ]


@pytest.fixture(scope="module")
def release(released: Programme) -> Iterator[duckdb.DuckDBPyConnection]:
    path = (released.warehouse / "releases" / "current").resolve() / "partner_scoring.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def columns(release: duckdb.DuckDBPyConnection) -> Columns:
    """Types of all columns, by mart and name."""
    found: dict[str, dict[str, str]] = {}
    for mart, name, kind in release.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where schema_name = 'marts'"
    ).fetchall():
        found.setdefault(mart, {})[name] = kind
    return found


@pytest.fixture(scope="module")
def star(released: Programme) -> dict[str, list[str]]:
    """The names of facts and dimensions, as their `meta` says."""
    return roles(released.warehouse / "dbt" / "manifest.json")


def roles(manifest: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"fact": [], "dimension": []}
    for node in json.loads(manifest.read_text())["nodes"].values():
        if role := node["config"].get("meta", {}).get("star"):
            found[role].append(node["name"])
    return found


def test_each_key_has_one_dimension_and_each_fact_has_keys(star, columns: Columns):
    owners = [[each for each in star["dimension"] if key in columns[each]] for key in KEYS]
    assert [len(each) for each in owners] == [1] * len(KEYS)
    assert len(star["dimension"]) == len(KEYS) and len(star["fact"]) >= 4
    for fact in star["fact"]:
        assert {"partner_id", "week_start"} <= set(columns[fact])


def test_tables_of_the_star_share_keys_and_no_other_column(star, columns: Columns):
    for dimension in star["dimension"]:
        for other in (*star["dimension"], *star["fact"]):
            if other != dimension:
                shared = set(columns[dimension]) & set(columns[other])
                assert shared <= set(KEYS), f"{dimension} and {other} share {shared}"
    for first in star["dimension"]:
        for second in star["dimension"]:
            assert first == second or not set(columns[first]) & set(columns[second])


def test_a_join_by_equal_names_gives_right_sums(release, star, columns: Columns):
    for fact in star["fact"]:
        fitting = [
            f"marts.{each}" for each in star["dimension"] if set(columns[each]) & set(columns[fact])
        ]
        assert len(fitting) >= 2
        for dimensions in ([each] for each in fitting):
            assert not not_joined_rightly(release, fact, dimensions)
        assert not not_joined_rightly(release, fact, fitting)


@pytest.mark.parametrize(
    "dimension",
    [
        # A column of the fact that says something else; a row twice; a row that is missing.
        "select *, 4 as tenure_week from marts.partner_directory",
        "from marts.partner_directory union all (from marts.partner_directory limit 1)",
        "from marts.partner_directory where region != 'EMEA'",
    ],
)
def test_a_dimension_that_does_not_fit_is_found(release, dimension: str):
    release.execute(f"create or replace temp view broken as {dimension}")
    assert not_joined_rightly(release, "partner_week_facts", ["broken"])


def test_every_key_of_every_mart_is_in_its_dimension(release, star, columns: Columns):
    """Not only of the star: any mart can be joined to who partners are, and when."""
    homes = {key: each for key in KEYS for each in star["dimension"] if key in columns[each]}
    held = 0
    for mart, names in columns.items():
        for key in set(KEYS) & set(names):
            if (mart, key) not in OTHER_MEANING:
                strangers = release.execute(
                    f"select distinct {key} from marts.{mart} where {key} is not null "
                    f"except select {key} from marts.{homes[key]}"
                ).fetchall()
                assert not strangers, f"{mart}.{key}: {strangers[:3]}"
                held += 1
    assert held > 50


def test_the_star_says_the_same_as_the_marts_that_it_is_beside(release):
    """Programme totals, joined as a tool would, against the marts that people know."""
    by_tier = release.execute(
        "select tier, round(sum(sourced_revenue), 2) from marts.partner_week_facts "
        "natural join marts.partner_directory natural join marts.week_directory "
        "group by tier order by tier"
    ).fetchall()
    assert (
        len(by_tier) > 1
        and by_tier
        == release.execute(
            "select tier, round(sum(sourced_revenue_cents) / 100, 2) "
            "from marts.partner_activity_weeks join marts.partner_directory using (partner_id) "
            "group by tier order by tier"
        ).fetchall()
    )
    newest = release.execute(
        "select count(*), avg(revenue_score), sum(is_published::integer) "
        "from marts.partner_week_facts where is_newest"
    ).fetchone()
    assert newest == pytest.approx(
        release.execute(
            "select count(*), avg(revenue_score), count(*) filter (status = 'published') "
            "from marts.partner_scorecards where tenure_week is not null"
        ).fetchone()
    )
    assert (
        release.execute(
            "select round(sum(metric_points), 6) from marts.partner_metric_facts"
        ).fetchone()
        == release.execute(
            "select round(sum(contribution), 6) from marts.partner_score_contributions"
        ).fetchone()
    )


def test_weeks_and_days_have_no_gap(release):
    assert release.execute(
        "select count(*) = date_diff('week', min(week_start), max(week_start)) + 1, "
        "max(week_start) filter (is_last_week) = max(week_start), min(weeks_ago) "
        "from marts.week_directory"
    ).fetchone() == (True, True, 0)
    assert release.execute(
        "select count(*) = date_diff('day', min(day_on), max(day_on)) + 1, "
        "bool_and(monday_on in (select week_start from marts.week_directory)) "
        "from marts.day_directory"
    ).fetchone() == (True, True)
