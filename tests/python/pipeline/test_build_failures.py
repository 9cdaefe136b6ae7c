"""A build that fails says in words which rule was broken, and how to see the rows that break it."""

import json
import re
import time
from pathlib import Path

import duckdb
import pytest

from orchestration import build_failures
from orchestration.database import connect
from tests.python.pipeline.running import Programme, run_dbt

HORIZON = "complete_score_horizon_as_of_week__as_of_on__known_at"
LONG = "complete_partners_contract_week__last_week__is_terminated__is_future__contract_signed_at"


@pytest.fixture
def broken(copy_of_released: Programme) -> Programme:
    """A programme that lost a week of a score, the date of a contract, its last week and a table,
    which dbt's tests have seen: three fail, and others cannot be asked."""
    settings = copy_of_released.settings()
    with connect(settings) as connection:
        connection.execute(
            """delete from scores.outcome_scores
               where partner_id = (select min(partner_id) from scores.outcome_scores)
                 and tenure_week = 3"""
        )
        connection.execute(
            """update partners.partners set contract_week = null
               where partner_id = (select max(partner_id) from scores.outcome_scores)"""
        )
        connection.execute("update activities.score_horizon set as_of_week = null")
        connection.execute("drop table experiments.experiment_balance")
    done = run_dbt(
        settings,
        *("test", "--select", "every_week_of_tenure_is_scored", LONG, HORIZON),
        "experiment_balance",
        *("--exclude", "test_type:unit", "--target-path", str(settings.dbt_target / "build")),
    )
    assert not done.success  # type: ignore[attr-defined]
    return copy_of_released


def test_a_broken_rule_is_told_in_words_and_its_query_shows_the_rows(broken: Programme):
    rules = build_failures.broken_rules(broken.settings(), "run", since=0)
    found = {each.expectation: each for each in rules}
    assert set(found) == {"every_week_of_tenure_is_scored", HORIZON, LONG}
    assert "a last week to score" in found[HORIZON].observed
    assert found.pop(HORIZON).remedy.startswith("Add files")
    words = found["every_week_of_tenure_is_scored"].observed
    assert "Silence counts too: each week of tenure has a score." in words
    assert found[LONG].relation == "partners"
    for each in found.values():
        assert each.blocks
        query = re.search(r"the query in (\S+\.sql) shows the rows, on (\S+)\. ", each.remedy)
        assert query is not None
        with duckdb.connect(query[2], read_only=True) as connection:
            rows = connection.execute(Path(query[1]).read_text()).fetchall()
        assert len(rows) == each.unexpected_rows > 0
        assert each.observed.startswith(f"{len(rows)} rows break it.")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select segment, null as macro from policy.segments", " One of them: segment west."),
        ("select segment from policy.segments where false", ""),
        ("select * from policy.of_another_engine -- here", ""),
    ],
)
def test_one_of_the_rows_that_break_a_rule_is_shown(programme: Programme, query: str, said: str):
    settings = programme.settings()
    with connect(settings) as connection:
        connection.execute("create schema policy")
        connection.execute("create table policy.segments as select 'west' as segment")
    test = "tests/dbt/segments_have_a_macro.sql"
    node = {
        "name": "segments_have_a_macro",
        "package_name": "partner_scoring",
        "original_file_path": test,
        "raw_code": "-- One row per segment without a macro.\nselect 1",
        "depends_on": {"nodes": ["seed.partner_scoring.segments"]},
        "config": {"meta": {}},
    }
    build = settings.dbt_target / "build"
    compiled = build / "compiled" / "partner_scoring" / test
    compiled.parent.mkdir(parents=True)
    compiled.write_text(query)
    (settings.dbt_target / "manifest.json").write_text(json.dumps({"nodes": {"a": node}}))
    result = {"status": "fail", "unique_id": "a", "failures": 1}
    (build / "run_results.json").write_text(json.dumps({"results": [result]}))
    (found,) = build_failures.broken_rules(settings, "run", since=0)
    assert found.observed == f"1 rows break it. One row per segment without a macro.{said}"


def test_what_cannot_be_asked_is_named_with_its_file(broken: Programme):
    found = build_failures.unbuilt(broken.settings(), since=0)
    assert found
    assert all("experiment_balance" in each and "_experiments.yml" in each for each in found)
    assert all("\n" not in each for each in found)


def test_an_older_build_is_not_blamed(broken: Programme):
    later = time.time() + 1
    assert build_failures.broken_rules(broken.settings(), "run", since=later) == []
    assert build_failures.unbuilt(broken.settings(), since=later) == []
