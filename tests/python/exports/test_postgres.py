"""A schema of PostgreSQL holds a release whole, while it is read, and keeps its readers' rights."""

import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from adbc_driver_postgresql import dbapi

from orchestration.exports import ExportError, Published, publish_postgres
from orchestration.publishing import Release, open_release, publish, read_manifest
from orchestration.settings import Settings
from tests.python.exports.odd_marts import NAMES, PROMISES, add_marts
from tests.python.publishing.publishing_fixtures import build_working, make_facts

pytestmark = pytest.mark.postgres


@dataclass
class Database:
    """A database of its own on the server."""

    dsn: str

    def rows(self, sql: str, role: str = "") -> list[tuple[Any, ...]]:
        with dbapi.connect(self.dsn, autocommit=True) as connection, connection.cursor() as cursor:
            if role:
                cursor.execute(f"set role {role}")
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

    def run(self, *statements: str) -> None:
        for statement in statements:
            self.rows(statement)


@pytest.fixture
def database(server: str) -> Iterator[Database]:
    name = f"db_{uuid.uuid4().hex}"
    Database(server).run(f"create database {name}")
    yield Database(server.replace("/postgres", f"/{name}"))
    Database(server).run(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def later(settings: Settings, release: Release) -> Release:
    """A release after `release`, with other scores."""
    build_working(settings, seed=7)
    add_marts(settings)
    return publish(settings, make_facts(promises=PROMISES, fingerprint="later"))


def load(
    settings: Settings,
    release: Release,
    database: Database,
    names: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _line: None,
) -> Published:
    with open_release(settings, release.id) as connection:
        return publish_postgres(
            connection, read_manifest(release.path), database.dsn, names=names, progress=progress
        )


def test_every_mart_arrives_with_types_keys_and_comments(
    settings: Settings, release: Release, database: Database
) -> None:
    done = load(settings, release, database)
    assert done.is_new and not done.former_stays
    with open_release(settings, release.id) as connection:
        for mart in ("partner_score_history", "odd_partners", "twice", "nothing", "plain_view"):
            held = connection.execute(f"select count(*) from marts.{mart}").fetchall()
            assert database.rows(f"select count(*) from partner_scoring.{mart}") == held
        scores = "select partner_id, week_start, revenue_score from {} order by 1, 2"
        held = connection.execute(scores.format("marts.partner_score_history")).fetchall()
    assert database.rows(scores.format("partner_scoring.partner_score_history")) == held
    types = dict(
        database.rows(
            "select column_name, data_type from information_schema.columns "
            "where table_schema = 'partner_scoring' and table_name = 'odd_partners'"
        )
    )
    assert types["balance"] == "numeric" and types["exact"] == "numeric"
    assert types["joined_at"] == "timestamp with time zone"
    assert types["joined_on"] == "date" and types["cents"] == "bigint"
    found = database.rows(
        "select partner_name, balance::text, joined_at, both_names "
        "from partner_scoring.odd_partners order by partner_id"
    )
    assert [name for name, *_ in found] == list(NAMES)
    assert Decimal(found[1][1]) == Decimal("-1234.57")
    assert found[0][2] == datetime(2026, 6, 28, 10, 11, 12, 123456, tzinfo=UTC)
    assert found[2][3] == '["-2+3","x"]'
    keys = database.rows(
        "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint "
        "where contype = 'p' and connamespace = 'partner_scoring'::regnamespace order by 1"
    )
    assert keys == [  # `twice` breaks its promise and so has none
        ("partner_scoring.odd_partners", "PRIMARY KEY (partner_id)"),
        ("partner_scoring.partner_score_history", "PRIMARY KEY (partner_id, week_start)"),
        ("partner_scoring.partner_scorecards", "PRIMARY KEY (partner_id)"),
        ("partner_scoring.release_manifest", "PRIMARY KEY (release_id)"),
    ]
    assert database.rows(
        "select obj_description('partner_scoring.odd_partners'::regclass), "
        "col_description('partner_scoring.odd_partners'::regclass, 3)"
    ) == [("Partners with odd names.", "What is owed, it's money.")]
    assert database.rows(
        "select release_id, score_hash, published_at from partner_scoring.release_manifest"
    ) == [(release.id, release.score_hash, release.published_at)]


def test_the_same_release_again_is_nothing_to_do(
    settings: Settings, release: Release, later: Release, database: Database
) -> None:
    load(settings, release, database)
    when = database.rows("select loaded_at from partner_scoring.release_manifest")
    assert not load(settings, release, database).is_new
    assert database.rows("select loaded_at from partner_scoring.release_manifest") == when
    assert load(settings, later, database).is_new
    assert database.rows("select release_id from partner_scoring.release_manifest") == [(later.id,)]
    # A rollback is a release like others.
    assert load(settings, release, database).is_new


def test_other_marts_of_the_same_release_replace_those_that_are_there(
    settings: Settings, release: Release, database: Database
) -> None:
    load(settings, release, database)
    few = ["partner_scorecards", "quality_checks"]
    done = load(settings, release, database, few)
    assert done.is_new and done.marts == 2
    there = "select tablename from pg_tables where schemaname like 'partner_scoring%' order by 1"
    assert database.rows(there) == [(name,) for name in [*few, "release_manifest"]]
    # What somebody added is no reason to publish again.
    database.run("create table partner_scoring.a_note as select 1 as one")
    assert not load(settings, release, database, few).is_new
    assert load(settings, release, database).is_new


def test_rights_of_readers_are_kept(
    settings: Settings, release: Release, later: Release, database: Database
) -> None:
    suffix = uuid.uuid4().hex[:8]
    analyst, clerk, future = (f'"{each} {suffix}"' for each in ("analyst", "clerk", "new"))
    load(settings, release, database)
    database.run(
        *(f"create role {role}" for role in (analyst, clerk, future)),
        f"grant usage on schema partner_scoring to {analyst}, {clerk}, {future}",
        f"grant select on all tables in schema partner_scoring to {analyst}",
        f"grant select (partner_id) on partner_scoring.partner_scorecards to {clerk}",
        f"alter default privileges in schema partner_scoring grant select on tables to {future}",
        "grant select on partner_scoring.quality_checks to public",
    )
    asked = {
        analyst: "select count(*) from partner_scoring.partner_score_history",
        clerk: "select count(partner_id) from partner_scoring.partner_scorecards",
        future: "select count(*) from partner_scoring.partner_directory_of_tomorrow",
    }
    before = {role: database.rows(asked[role], role) for role in (analyst, clerk)}
    with pytest.raises(dbapi.ProgrammingError, match="permission denied"):
        database.rows("select status from partner_scoring.partner_scorecards", clerk)
    load(settings, later, database)
    for role in (analyst, clerk):
        assert database.rows(asked[role], role) == before[role]
    with pytest.raises(dbapi.ProgrammingError, match="permission denied"):
        database.rows("select status from partner_scoring.partner_scorecards", clerk)
    assert database.rows("select count(*) from partner_scoring.quality_checks", clerk) == [(1,)]
    # What is made in the new schema is readable for whom the defaults of the old one named.
    database.run("create table partner_scoring.partner_directory_of_tomorrow as select 1 as one")
    assert database.rows(asked[future], future) == [(1,)]
    with pytest.raises(dbapi.ProgrammingError, match="permission denied"):
        database.rows(asked[future], clerk)


KILLED = """
import sys, time
from pathlib import Path
from orchestration.exports import publish_postgres
from orchestration.publishing import find, open_release, read_manifest
from orchestration.settings import Settings
settings = Settings(warehouse=Path(sys.argv[1]))
release = find(settings, sys.argv[2])
done = []
def stop(line):
    done.append(line)
    if len(done) == 3:
        print("half", flush=True)
        time.sleep(60)
with open_release(settings, release.id) as connection:
    publish_postgres(connection, read_manifest(release.path), sys.argv[3], progress=stop)
"""


def test_a_kill_halfway_leaves_readers_what_they_had(
    settings: Settings, release: Release, later: Release, database: Database
) -> None:
    load(settings, release, database)
    tables = "select count(*) from pg_tables where schemaname = '{}'"
    whole = database.rows(tables.format("partner_scoring"))
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(settings.warehouse), later.id, database.dsn],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "half\n"
    with pytest.raises(ExportError, match="Another process publishes"):
        load(settings, later, database)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    held = "select release_id from partner_scoring.release_manifest"
    assert database.rows(held) == [(release.id,)]
    assert database.rows(tables.format("partner_scoring")) == whole
    assert database.rows(tables.format("partner_scoring__incoming")) == [(3,)]
    # The server notices that its client is gone; then the next one tidies up.
    database.run(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' "
        "and pid <> pg_backend_pid()"
    )
    assert load(settings, later, database).is_new
    assert database.rows(held) == [(later.id,)]
    assert database.rows(
        "select count(*) from pg_namespace where nspname like 'partner\\_scoring\\_\\_%'"
    ) == [(0,)]


WHOLE = """
    select
        (select release_id from partner_scoring.release_manifest),
        (select min(seed) from partner_scoring.partner_scorecards),
        (select max(seed) from partner_scoring.partner_scorecards),
        (select count(*) from partner_scoring.partner_score_history)
"""


def test_readers_always_see_one_whole_release_while_schemas_swap(
    settings: Settings, release: Release, later: Release, database: Database
) -> None:
    load(settings, release, database)
    expected = {(release.id, 0, 0, 160), (later.id, 7, 7, 160)}
    seen: list[tuple[Any, ...]] = []
    failed: list[Exception] = []
    over = threading.Event()

    def read() -> None:
        with dbapi.connect(database.dsn, autocommit=True) as connection:
            while not over.is_set():
                try:
                    with connection.cursor() as cursor:
                        cursor.execute(WHOLE)
                        seen.extend(tuple(row) for row in cursor.fetchall())
                except Exception as error:
                    failed.append(error)
                    return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for each in (later, release, later, release, later):
            assert load(settings, each, database).is_new
    finally:
        over.set()
        for reader in readers:
            reader.join(20)
    assert failed == []
    assert set(seen) == expected, "half a release was seen"


def test_a_reader_that_takes_its_time_is_not_cut_off(
    settings: Settings, release: Release, later: Release, database: Database
) -> None:
    load(settings, release, database)
    with dbapi.connect(database.dsn) as slow, slow.cursor() as cursor:
        cursor.execute("select count(*) from partner_scoring.partner_scorecards")
        assert cursor.fetchall() == [(20,)]
        # Its transaction goes on and holds the tables.
        done = load(settings, later, database)
        assert done.is_new and done.former_stays
        assert database.rows("select release_id from partner_scoring.release_manifest") == [
            (later.id,)
        ]
    assert not load(settings, release, database).former_stays


@pytest.mark.parametrize("place", ["partner_scoring", "partner_scoring__incoming"])
def test_a_schema_of_somebody_else_is_left_alone(
    settings: Settings, release: Release, database: Database, place: str
) -> None:
    database.run(f"create schema {place}", f"create table {place}.mine as select 1 as one")
    with pytest.raises(ExportError, match=f"schema {place} holds something that was not"):
        load(settings, release, database)
    assert database.rows(f"select one from {place}.mine") == [(1,)]


def test_views_that_would_be_lost_are_named(
    settings: Settings, release: Release, later: Release, database: Database
) -> None:
    load(settings, release, database)
    database.run(
        "create view public.top_partners as select partner_id from partner_scoring.odd_partners"
    )
    with pytest.raises(ExportError, match=r"public\.top_partners"):
        load(settings, later, database)
    assert database.rows("select count(*) from top_partners") == [(len(NAMES),)]
    assert not load(settings, release, database).is_new


def test_errors_of_the_server_are_told_without_the_password(
    settings: Settings, release: Release, server: str
) -> None:
    wrong = server.replace("owner@", "owner:hunter2@").replace("/postgres", "/nowhere")
    with pytest.raises(ExportError, match='database "nowhere" does not exist') as error:
        load(settings, release, Database(wrong))
    assert "hunter2" not in str(error.value)
