"""What the dashboard reads: one release a page, filtered where it lies, and nothing else."""

import ast
from pathlib import Path

import duckdb
import pytest
from flask import Flask

from dashboard.data import chosen, partner, programme, segments
from dashboard.figures import partner as figures
from dashboard.reader import Reader
from orchestration.settings import PROJECT_DIR, Settings
from tests.python.dashboard.conftest import Asked
from tests.python.dashboard.releases import copied, publish_changed

ALL = dict.fromkeys(chosen.FILTERS, chosen.ALL)
HOSTILE = '<img src=x onerror=alert(1)> & "quoted" \'); drop table marts.partner_scorecards; --'


@pytest.fixture(scope="module")
def reader(settings: Settings) -> Reader:
    return Reader(settings)


@pytest.mark.parametrize(
    "sql",
    [
        "create table marts.mine as select 1 as x",
        "delete from marts.partner_scorecards",
        "select * from read_text('/etc/hostname')",
        "copy (select 1) to '/tmp/stolen.csv'",
        "attach 'other.duckdb'",
        "set memory_limit = '100GB'",
    ],
)
def test_a_reader_reaches_nothing_but_the_release(reader: Reader, sql: str):
    with pytest.raises(duckdb.Error):
        reader.frame(sql)


def test_filters_leave_the_partners_that_they_say(reader: Reader, asked: Asked):
    for name, column in (("segment", "segment"), ("tier", "tier"), ("region", "region")):
        value = asked.one(f"select max({column}) from marts.partner_scorecards")
        left = programme.headlines(reader, **{**ALL, name: value}).partners[0]
        assert left == asked.one(
            f"select count(*) from marts.partner_scorecards where {column} = $value", value=value
        )
    for option in chosen.options(reader, "cohort")[1:]:
        year, half = option["value"].split("-H")
        left = programme.headlines(reader, **{**ALL, "cohort": option["value"]}).partners[0]
        assert left == asked.one(
            "select count(*) from marts.partner_scorecards where year(contract_signed_at) = $year "
            "and (month(contract_signed_at) > 6) = $second",
            year=int(year),
            second=half == "2",
        )


def test_a_filter_is_a_value_and_never_sql(reader: Reader):
    assert programme.headlines(reader, **{**ALL, "segment": HOSTILE}).partners[0] == 0
    with pytest.raises(ValueError):
        segments.summary(reader, by="segment) from x --", **ALL)
    with pytest.raises(ValueError):
        partner.drivers(reader, partner="P", outcome="revenue_score, *")
    with pytest.raises(ValueError):
        chosen.options(reader, "partner_name")


def test_drivers_add_up_to_the_published_score(reader: Reader, asked: Asked):
    rows = asked.rows(
        "select partner_id, revenue_score, engagement_score from marts.partner_scorecards "
        "where revenue_score is not null order by partner_id"
    )
    assert rows
    for partner_id, revenue, engagement in rows[::5]:
        for outcome, score in (("revenue", revenue), ("engagement", engagement)):
            points = partner.drivers(reader, partner=partner_id, outcome=outcome).points.sum()
            # Steps too small to see are left out of the picture.
            assert points == pytest.approx(score, abs=0.02), (partner_id, outcome)


def test_records_are_those_that_the_metric_counted(reader: Reader, asked: Asked):
    counted = asked.rows(
        "select partner_id, metric_value from marts.partner_score_contributions "
        "where outcome = 'revenue' and metric = 'accepted_leads' and metric_value > 0 "
        "order by partner_id"
    )
    assert counted
    for partner_id, leads in counted[:20]:
        found = partner.records(reader, partner=partner_id, metric="accepted_leads")
        assert (found.activity_type == "lead_accepted").sum() == leads
        assert set(found.source) == {"crm.leads"}


def test_forecasts_are_totals_of_groups_and_sums_of_any_other_choice(
    source: Path, tmp_path: Path, asked: Asked
):
    settings = copied(source, tmp_path / "warehouse")
    # A small programme has no forecast yet: everybody is given one.
    publish_changed(
        settings,
        [
            "update marts.revenue_forecast set forecast_revenue = 1000 + ord(right(partner_id, 1))",
            """update marts.revenue_forecast_totals as totals
            set forecast_revenue = given.total, low_80 = 0.8 * given.total,
                high_80 = 1.2 * given.total
            from (
                select quarter_start, 'programme' as dimension, 'all' as group_name,
                    sum(forecast_revenue) as total
                from marts.revenue_forecast group by all
                union all
                select quarter_start, 'segment', segment, sum(forecast_revenue)
                from marts.revenue_forecast group by all
            ) as given
            where totals.quarter_start = given.quarter_start
                and totals.dimension = given.dimension and totals.group_name = given.group_name""",
        ],
    )
    reader = Reader(settings)
    whole = programme.forecast(reader, **ALL)
    partners = asked.one("select count(distinct partner_id) from marts.revenue_forecast")
    assert len(whole) == 2 and (whole.forecast_revenue > 1000 * partners).all()
    segment = asked.one("select min(segment) from marts.partner_scorecards")
    of_segment = programme.forecast(reader, **{**ALL, "segment": segment})
    assert of_segment.forecast_revenue.sum() < whole.forecast_revenue.sum()
    assert (of_segment.low_80 <= of_segment.high_80).all() or of_segment.low_80.isna().all()
    # Every partner of the segment is in one of its intakes: they add up, without an interval.
    sums = 0.0
    for option in chosen.options(reader, "cohort")[1:]:
        part = programme.forecast(reader, **{**ALL, "segment": segment, "cohort": option["value"]})
        assert part.low_80.isna().all()
        sums += part.forecast_revenue.sum()
    assert sums == pytest.approx(of_segment.forecast_revenue.sum(), abs=0.05)


def test_actions_are_those_of_the_partners_that_are_left(reader: Reader, asked: Asked):
    region = asked.one("select max(region) from marts.partner_scorecards")
    listed = programme.actions(reader, **{**ALL, "region": region})
    assert len(listed) == asked.one(
        "select count(*) from marts.recommended_actions inner join marts.partner_scorecards "
        "using (partner_id) where state != 'no action' and region = $region",
        region=region,
    )
    assert list(listed.due_on) == sorted(listed.due_on)
    first = listed.partner_id[0]
    actions = partner.actions(reader, partner=first)
    assert 1 <= len(actions) <= 3
    assert listed.title[0] in set(actions.title)


def test_all_of_a_page_is_read_from_one_release(source: Path, tmp_path: Path):
    settings = copied(source, tmp_path / "warehouse")
    reader, server = Reader(settings), Flask("page")

    def release() -> str:
        return str(reader.frame("select release_id from release.about").release_id[0])

    with server.test_request_context():
        before = release()
        after = publish_changed(settings, [])
        assert release() == before, "a page that began with a release ends with it"
    with server.test_request_context():
        assert release() == after, "the next page is read from the new one"
    assert after != before


def test_an_older_release_that_lacks_a_mart_is_read_too(source: Path, tmp_path: Path):
    settings = copied(source, tmp_path / "warehouse")
    younger = [
        "incentive_entitlements", "lifecycle_flags", "partner_records", "recommended_actions",
        "revenue_forecast", "revenue_forecast_totals",
    ]  # fmt: skip
    publish_changed(settings, [f"drop table if exists marts.{mart}" for mart in younger])
    reader = Reader(settings)
    assert not any(reader.has(mart) for mart in younger)
    assert partner.records(reader, partner="P", metric="accepted_leads").empty
    for asked_of in (partner.actions, partner.flags, partner.entitlements):
        assert asked_of(reader, partner="P").empty
    assert programme.actions(reader, **ALL).empty
    assert programme.forecast(reader, **ALL).empty
    assert programme.expected(reader, **ALL).partners.sum() == len(
        reader.frame("select 1 from marts.partner_scorecards where expected_revenue is not null")
    )


def test_flags_and_entitlements_are_those_of_the_partner(source: Path, tmp_path: Path):
    settings = copied(source, tmp_path / "warehouse")
    publish_changed(
        settings,
        [
            """create or replace table marts.lifecycle_flags as
            select
                'P' || i as partner_id, 'r' as rule, 'executive_alignment' as flag,
                'active' as state, 'why ' || i as reason, 'head of partners' as approver_role,
                date '2026-06-01' as raised_on, date '2026-09-01' as expires_on
            from range(2) as r (i)""",
            """create or replace table marts.incentive_entitlements as
            select
                'P' || i as partner_id, 'r' as rule, 'training' as fund, 'entitled' as status,
                'earned ' || i as reason, 500.0 as amount, 'EUR' as currency,
                date '2026-07-31' as settles_on
            from range(2) as r (i)""",
        ],
    )
    reader = Reader(settings)
    assert list(partner.flags(reader, partner="P1").reason) == ["why 1"]
    assert list(partner.entitlements(reader, partner="P1").reason) == ["earned 1"]
    said = str(
        figures.notices(
            partner.flags(reader, partner="P1"),
            partner.entitlements(reader, partner="P1"),
        )
    )
    for text in ("executive alignment", "until 1 Sep 2026", "training", "500 EUR", "earned 1"):
        assert text in said


def test_only_the_reader_knows_where_releases_lie():
    allowed = {
        "reader.py": {"orchestration", "orchestration.publishing", "orchestration.settings"},
        "server.py": {"orchestration.settings"},
        "pictures.py": {"orchestration.settings"},
    }
    for path in sorted((PROJECT_DIR / "dashboard").rglob("*.py")):
        found = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
        theirs = {n for n in found if n.startswith(("orchestration", "dagster", "dbt"))}
        if path.name == "reader.py":
            found.discard("duckdb")
        assert "duckdb" not in found, f"{path.name} opens a database by itself"
        assert theirs <= allowed.get(path.name, set()), f"{path.name} imports {theirs}"
        assert "working_database" not in path.read_text(encoding="utf-8"), path.name
