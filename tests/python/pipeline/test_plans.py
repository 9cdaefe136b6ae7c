"""How the database means to compute each model: what would grow with the square of a programme."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest

from tests.python.pipeline.running import Programme

NESTED = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN")
SAME_PARTNER = re.compile(r"partner_id = (\w+\.)?partner_id")


def joins_of(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan["children"]:
        yield from joins_of(child)


def partner_by_partner(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """Joins of a query that look at every pair of partners to find the equal ones."""
    ((_, plan),) = connection.execute(f"explain (format json) {sql}").fetchall()
    return [
        str(step["extra_info"])
        for root in json.loads(plan)
        for step in joins_of(root)
        if step["name"] in NESTED and SAME_PARTNER.search(str(step["extra_info"]))
    ]


@pytest.fixture
def working(released: Programme) -> Iterator[duckdb.DuckDBPyConnection]:
    database = released.settings().working_database
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def test_no_model_compares_every_partner_with_every_other(
    released: Programme, working: duckdb.DuckDBPyConnection
):
    folder = "*/compiled/partner_scoring/models/**/*.sql"
    compiled = {
        path.stem: path
        for path in released.settings().dbt_target.glob(folder)
        if not path.parent.name.endswith(".yml")  # tests of columns are filed there
    }
    assert len(compiled) > 200
    slow = {name: partner_by_partner(working, path.read_text()) for name, path in compiled.items()}
    assert {name: joins for name, joins in slow.items() if joins} == {}


def test_such_a_join_is_found(working: duckdb.DuckDBPyConnection):
    both = "from partners.partners as one left join partners.partners as other on "
    same = "one.partner_id = other.partner_id"
    assert not partner_by_partner(working, f"select * {both} {same}")
    assert partner_by_partner(working, f"select * {both} {same} and not one.is_terminated")
