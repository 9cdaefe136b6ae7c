"""The draw: the same everywhere, even within strata, refused where the plan does not allow it."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.contracts import load_contracts
from orchestration.experiments import NotAssignable, draw, write
from orchestration.experiments.assignment import HEADER, deal, stratum

GOLDEN = {
    "P4": "control", "P5": "control", "P6": "control", "P7": "coached", "P8": "control",
    "P9": "coached",
}  # fmt: skip
ON = date(2026, 7, 6)  # a Monday; 13 weeks after it are over on 12 October
RELEASE = """
create schema marts;
create table marts.experiment_plans as
select
    'coaching' as experiment, metric, 'Coaching' as title, 'registered' as status,
    4 as least_tenure_week, 60 as most_tenure_week, last_week,
    date '2026-06-01' as registered_on, date '2026-07-01' as planned_start_on,
    date '2026-10-12' as planned_look_on
from (values ('activity', 13), ('revenue', 8)) as m (metric, last_week);
create table marts.experiment_arm_sizes as
select 'coaching' as experiment, arm, role, share
from (values ('coached', 'treatment', 0.5), ('control', 'control', 0.5), ('lost', null, null))
    as a (arm, role, share);
create table marts.experiment_assignments
    (experiment varchar, partner_id varchar, last_week date, assigned_at timestamp);
create table marts.partner_scorecards as
select
    'P' || i as partner_id, ['reseller', 'services', 'referral'][1 + i % 3] as segment,
    ['high', 'low'][1 + i % 2] as engagement_band,
    if(i % 20 = 0, 'terminated', 'published') as status,
    i % 100 as engagement_score, 60.0 as revenue_score, i % 70 as tenure_week,
    date '2026-06-29' as week_start
from range(200) as r (i);
"""


@pytest.fixture
def release() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(RELEASE)
    return connection


def test_the_same_release_gives_the_same_arms(release: duckdb.DuckDBPyConnection):
    first = draw(release, "coaching", ON)
    assert draw(release, "coaching", date(2026, 7, 7)).arms == first.arms
    release.execute("create or replace table marts.partner_scorecards as "
                    "from marts.partner_scorecards order by hash(partner_id)")  # fmt: skip
    assert draw(release, "coaching", ON).arms == first.arms
    # Golden: if it changes, every machine that is not updated draws other arms.
    some = {name: first.arms[name] for name in ("P4", "P5", "P6", "P7", "P8", "P9")}
    assert some == GOLDEN


def test_partners_are_those_of_the_plan(release: duckdb.DuckDBPyConnection):
    drawn = draw(release, "coaching", ON)
    assert set(drawn.arms) == {f"P{i}" for i in range(200) if i % 20 and 4 <= i % 70 <= 60}
    # Another experiment that is over does not matter; one that goes on does.
    release.execute("insert into marts.experiment_assignments values "
                    "('old', 'P5', '2026-06-29', '2026-01-01'), "
                    "('now', 'P6', '2026-07-06', '2026-01-01')")  # fmt: skip
    assert set(drawn.arms) - set(draw(release, "coaching", ON).arms) == {"P6"}


def test_strata_are_split_evenly(release: duckdb.DuckDBPyConnection):
    drawn = draw(release, "coaching", ON)
    sizes = Counter((stratum(row), drawn.arms[row["partner_id"]]) for row in drawn.partners)
    strata = {name for name, _ in sizes}
    assert len(strata) == 18
    assert all(abs(sizes[name, "control"] - sizes[name, "coached"]) <= 1 for name in strata)
    assert abs(drawn.sizes()["control"] - drawn.sizes()["coached"]) <= 1
    stated = {name: distance for name, _, distance in drawn.balance()}
    assert stated["revenue_score"] == 0 and 0 < stated["engagement_score"] < 0.2


def test_shares_of_three_arms_hold():
    partners = [
        {"partner_id": f"P{i}", "segment": "s", "tenure_week": i % 80, "engagement_band": "low"}
        for i in range(1000)
    ]
    shares = {"control": 0.5, "mail": 0.3, "call": 0.2}
    arms = deal(partners, shares, b"key")
    assert Counter(arms.values()) == {"control": 500, "mail": 300, "call": 200}
    other = deal(partners, shares, b"another key")
    agreeing = sum(arms[name] == other[name] for name in arms)
    # Two independent draws agree on 0.5^2 + 0.3^2 + 0.2^2 = 38% of the partners.
    assert 330 <= agreeing <= 430


@pytest.mark.parametrize(
    ("change", "on", "says"),
    [
        ("insert into marts.experiment_assignments values "
         "('coaching', 'P9', '2026-09-01', '2026-06-01')", ON, "nobody is assigned twice"),
        ("update marts.experiment_plans set status = 'stopped'", ON, "is stopped"),
        ("select 1", date(2026, 6, 30), "begins on 2026-07-01"),
        ("select 1", date(2026, 7, 13), "past its plan"),
        ("select 1", date(2026, 7, 5), "knows what partners did until 2026-07-05"),
        ("delete from marts.partner_scorecards where partner_id != 'P5'", ON, "too few"),
        ("update marts.experiment_plans set experiment = 'other'", ON, "It has other"),
    ],
)  # fmt: skip
def test_it_is_refused(release: duckdb.DuckDBPyConnection, change: str, on: date, says: str):
    release.execute(change)
    with pytest.raises(NotAssignable, match=says):
        draw(release, "coaching", on)


def test_the_file_is_as_the_contract_says(release: duckdb.DuckDBPyConnection, tmp_path: Path):
    drawn = draw(release, "coaching", ON)
    write(drawn, tmp_path / "experiments" / "assignments.csv")
    with (tmp_path / "experiments" / "assignments.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    contract = load_contracts()["experiments.assignments"]
    assert tuple(rows[0]) == HEADER == tuple(column.name for column in contract.columns)
    assert {row["partner_id"]: row["arm"] for row in rows} == drawn.arms
    assert {row["assigned_at"] for row in rows} == {"2026-07-06T00:00:00Z"}
    with pytest.raises(NotAssignable, match="there already"):
        write(drawn, tmp_path / "experiments" / "assignments.csv")
