"""Days that follow: adding what arrived gives what building everything anew gives."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from orchestration import publishing
from orchestration.database import connect
from orchestration.sample import generate, generate_next_day
from parity.tables import OF_ONE_RUN, WHEN_COMPUTED
from tests.python.pipeline.running import Programme


def score_hash(programme: Programme) -> str:
    with connect(programme.settings(), read_only=True) as connection:
        return publishing.score_hash(connection)


def content(programme: Programme) -> dict[str, Counter[str]]:
    """The rows of every table that models made, amounts to the sixth digit."""
    found = {}
    for schema, table in programme.rows(
        """select schema_name, table_name from duckdb_tables()
        where schema_name not in ('landing', 'raw', 'quality', 'derived')"""
    ):
        if table in OF_ONE_RUN:
            continue
        columns = [
            f'round("{name}", 6)' if kind == "DOUBLE" else f'"{name}"'
            for name, kind, *_ in programme.rows(f"describe {schema}.{table}")
            if name not in WHEN_COMPUTED.get(table, ())
        ]
        rows = programme.rows(f"select {', '.join(columns)} from {schema}.{table}")
        found[f"{schema}.{table}"] = Counter(map(str, rows))
    return found


def computed(programme: Programme) -> tuple[int, int, int, bool]:
    """Of the last run: partners, those and the weeks that it computed, and whether it went through
    their whole tenure."""
    return programme.rows(
        """select count(*), count(from_week), (select count(*) from scores.raw_score_series),
            bool_or(is_from_the_contract)
        from metrics.changed_partners where last_week >= contract_week"""
    )[0]


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Programme, str]:
    """A programme that was built, got another nine days of files, one day more and at last
    corrections, and was built after each by adding; and the score hash of the first build."""
    programme = Programme(tmp_path_factory.mktemp("days"))
    generate(programme.landing, partners=30, weeks=26, truth=programme.folder / "truth")
    programme.land()
    programme.build()
    first = score_hash(programme)
    generate_next_day(programme.landing, days=9, truth=programme.folder / "truth")
    programme.land()
    programme.build()
    generate_next_day(programme.landing, days=1, truth=programme.folder / "truth")
    programme.land()
    programme.build()
    partners, changed, weeks, is_from_the_contract = computed(programme)
    assert 0 < changed < partners and changed <= weeks and not is_from_the_contract
    # A booking of long ago moves to another partner; a lead that counted is withdrawn.
    ((booking, partner, booked_at),) = programme.rows(
        """select booking_id, partner_id, booked_at from staging.stg_finance__bookings
           where superseded_at is null order by booked_at limit 1"""
    )
    ((other,),) = programme.rows(
        f"select min(partner_id) from partners.partners where partner_id != '{partner}'"
    )
    programme.write(
        "finance/bookings/corrections.csv",
        "booking_id,partner_id,booked_at,amount,currency,product_line,sourcing\n"
        f"{booking},{other},{booked_at:%Y-%m-%dT%H:%M:%S}Z,777.77,EUR,core,sourced\n",
    )
    ((lead, of_partner, submitted_at, accepted_at),) = programme.rows(
        """select lead_id, partner_id, submitted_at, accepted_at from staging.stg_crm__leads
           where superseded_at is null and accepted_at is not null
           order by accepted_at desc, lead_id limit 1"""
    )
    programme.write(
        "crm/leads/withdrawn.csv",
        "lead_id,partner_id,account_key,submitted_at,accepted_at,rejected_at,withdrawn_at\n"
        f"{lead},{of_partner},A,{submitted_at:%Y-%m-%dT%H:%M:%S}Z,"
        f"{accepted_at:%Y-%m-%dT%H:%M:%S}Z,,{accepted_at:%Y-%m-%dT%H:%M:%S}Z\n",
    )
    counted = f"select count(*) > 0 from activities.activities where source_record_id = '{lead}'"
    assert programme.rows(counted) == [(True,)]
    programme.land()
    programme.build()
    assert programme.rows(counted) == [(False,)]
    return programme, first


def test_adding_gives_what_building_anew_gives(two_days: tuple[Programme, str], tmp_path: Path):
    programme, _ = two_days
    partners, changed, weeks, _ = computed(programme)
    ((all_weeks,),) = programme.rows("select count(*) from scores.raw_scores")
    assert 0 < changed < partners / 2 and 0 < weeks < all_weeks / 2
    added, hash_of_added = content(programme), score_hash(programme)
    shutil.copytree(programme.folder, tmp_path / "anew", symlinks=True)
    anew = Programme(tmp_path / "anew")
    anew.build("--full-refresh")
    built = content(anew)
    assert built.keys() == added.keys() and len(built) > 100
    differing = {
        table: (list((added[table] - rows).items())[:2], list((rows - added[table]).items())[:2])
        for table, rows in built.items()
        if added[table] != rows
    }
    assert not differing
    assert score_hash(anew) == hash_of_added


def test_a_run_without_news_computes_no_score(two_days: tuple[Programme, str], tmp_path: Path):
    programme, _ = two_days
    shutil.copytree(programme.folder, tmp_path / "again", symlinks=True)
    again = Programme(tmp_path / "again")
    again.build()
    _, changed, weeks, _ = computed(again)
    assert (changed, weeks) == (0, 0)
    assert score_hash(again) == score_hash(programme)


def test_known_at_gives_the_scores_of_that_day(two_days: tuple[Programme, str], tmp_path: Path):
    programme, first = two_days
    ((known_at,),) = programme.rows("select min(loaded_at) from landing.batches")
    shutil.copytree(programme.folder, tmp_path / "then", symlinks=True)
    then = Programme(tmp_path / "then")
    then.build("--full-refresh", known_at=known_at.isoformat(sep=" "))
    assert score_hash(then) == first
    # And adding from there leads to the present again.
    then.build()
    assert score_hash(then) == score_hash(programme)


def test_as_of_gives_the_weeks_up_to_that_day(two_days: tuple[Programme, str], tmp_path: Path):
    programme, _ = two_days
    running = """
        select partner_id, week_start, revenue_raw_score, revenue_smoothed_score, revenue_band,
            engagement_raw_score, engagement_score
        from scores.outcome_scores join partners.partners using (partner_id)
        where week_start <= '2026-05-25' and not is_terminated
        order by all
    """
    expected = programme.rows(running)
    shutil.copytree(programme.folder, tmp_path / "earlier", symlinks=True)
    earlier = Programme(tmp_path / "earlier")
    earlier.build("--full-refresh", as_of="2026-05-31")
    assert (
        earlier.rows("select as_of_week from activities.score_horizon")[0][0].isoformat()
        == "2026-05-25"
    )
    known = {(partner, week) for partner, week, *_ in expected}
    assert len(known) > 100
    assert [row for row in earlier.rows(running) if (row[0], row[1]) in known] == expected


def test_a_correction_moves_money_between_partners_and_weeks(two_days: tuple[Programme, str]):
    programme, _ = two_days
    ((booking, partner),) = programme.rows(
        "select source_record_id, partner_id from activities.activities where amount = 777.77"
    )
    versions = programme.rows(
        f"""select partner_id, superseded_at from staging.stg_finance__bookings
            where booking_id = '{booking}'"""
    )
    assert len(versions) == 2
    (old_partner,) = (who for who, superseded_at in versions if superseded_at is not None)
    assert old_partner != partner
    (in_weeks,) = programme.rows(
        "select sum(sourced_revenue_cents + influenced_revenue_cents) from partners.partner_weeks"
    )
    (in_activities,) = programme.rows(
        """select 100 * sum(amount)
           from activities.activities join partners.partner_calendar as calendar using (partner_id)
           where activity_type = 'booking' and date_trunc('week', counted_on) = week_start"""
    )
    assert in_weeks == in_activities
