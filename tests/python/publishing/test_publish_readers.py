"""F7, L3 and S2: readers during a publish, and what the SQL of a reader cannot reach."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import pytest
from publishing_fixtures import build_working, make_facts
from sqlalchemy import make_url

from orchestration import publishing
from orchestration.publishing import (
    PublishError,
    connect_hardened,
    open_release,
    prune,
    publish,
    query,
)
from orchestration.settings import PROJECT_DIR, Settings

SEEDS = (
    "select list_sort(list_distinct(list(seed))) from ("
    "select seed from marts.partner_scorecards union all select seed from marts.quality_checks)"
)


def test_a_reader_keeps_its_release_and_a_new_one_sees_the_next(working: Settings) -> None:
    first = publish(working, make_facts())
    reader = open_release(working)
    build_working(working, seed=1)
    publish(working, make_facts())
    with reader, open_release(working) as newer, open_release(working, first.id) as older:
        assert reader.execute(SEEDS).fetchone() == ([0],)
        assert newer.execute(SEEDS).fetchone() == ([1],)
        assert older.execute(SEEDS).fetchone() == ([0],)
    with open_release(working) as newest:
        assert newest.execute(SEEDS).fetchone() == ([1],)


def test_at_no_line_is_the_pointer_missing_or_on_something_unfinished(working: Settings) -> None:
    """Between any two lines of the code a reader may come, or the process may be killed."""
    first = publish(working, make_facts())
    code = str(Path(publishing.__file__).parent)
    seen: list[str] = []

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(code):
            return None
        if event == "line":
            manifest = working.releases / "current" / "manifest.json"
            served = os.readlink(working.releases / "current") if manifest.exists() else "nothing"
            if not seen or seen[-1] != served:
                seen.append(served)
        return trace

    sys.settrace(trace)
    try:
        second = publish(working, make_facts())
    finally:
        sys.settrace(None)
    assert seen == [first.id, second.id]


def test_a_reader_keeps_its_release_even_when_it_is_pruned(working: Settings) -> None:
    publish(working, make_facts())
    with open_release(working) as reader:
        for seed in (1, 2, 3):
            build_working(working, seed=seed)
            publish(working, make_facts())
        assert len(prune(working, keep=1)) == 2
        assert reader.execute(SEEDS).fetchone() == ([0],)


READER = """
import json, sys, threading
from pathlib import Path
from typing import Any
from orchestration.publishing import open_release, query
from orchestration.settings import Settings
settings, stop, threads = Settings(warehouse=sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
reads, mixed, errors, seen = [0], [], [], set()
def read():
    while not stop.exists():
        try:
            with open_release(settings) as connection:
                (seeds,) = connection.execute(sys.argv[4]).fetchone()
                (again,) = connection.execute(sys.argv[4]).fetchone()
            if len(seeds) != 1 or seeds != again:
                mixed.append(seeds)
            seen.update(seeds)
            reads[0] += 1
        except Exception as error:
            errors.append(repr(error))
workers = [threading.Thread(target=read) for _ in range(threads)]
for worker in workers: worker.start()
for worker in workers: worker.join()
print(json.dumps([reads[0], mixed, errors, len(seen)]))
"""


def read_while_publishing(
    settings: Settings, tmp_path: Path, processes: int, threads: int, rounds: int
) -> tuple[int, int]:
    """Gives how many reads there were, and the most releases that one process saw."""
    publish(settings, make_facts())
    stop = tmp_path / "stop"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(settings.warehouse), str(stop), str(threads), SEEDS],
            stdout=subprocess.PIPE,
        )
        for _ in range(processes)
    ]
    try:
        for seed in range(1, rounds + 1):
            build_working(settings, seed=seed)
            publish(settings, make_facts())
            prune(settings, keep=3)
    finally:
        stop.touch()
    reads = most = 0
    for reader in readers:
        output, _ = reader.communicate(timeout=60)
        count, mixed, errors, seen = json.loads(output)
        assert (mixed, errors) == ([], [])
        reads, most = reads + count, max(most, seen)
    return reads, most


def test_readers_during_publishes_each_see_one_release(working: Settings, tmp_path: Path) -> None:
    reads, most = read_while_publishing(working, tmp_path, processes=2, threads=3, rounds=6)
    assert reads >= 20
    assert most >= 2


@pytest.mark.slow
def test_fifty_readers_while_a_hundred_releases_are_published(
    working: Settings, tmp_path: Path
) -> None:
    reads, most = read_while_publishing(working, tmp_path, processes=5, threads=10, rounds=100)
    assert reads >= 200
    assert most >= 10


DENIED = [
    "from read_csv('{file}')",
    "from read_text('{file}')",
    "from read_blob('{file}')",
    "from read_json('{file}')",
    "from read_parquet('{parquet}')",
    "from '{file}'",
    "from parquet_metadata('{parquet}')",
    "from sniff_csv('{file}')",
    "from glob('{folder}/*')",
    "copy marts.partner_scorecards to '{folder}/out.csv'",
    "copy (select 1) to '{folder}/out.parquet' (format parquet)",
    "copy marts.partner_scorecards from '{file}'",
    "export database '{folder}/out'",
    "import database '{folder}'",
    "attach '{working}' as working (read_only)",
    "attach '{folder}/new.duckdb' as new",
    "install httpfs",
    "load httpfs",
    "load '{file}'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set memory_limit = '100GB'",
    "set temp_directory = '{folder}'",
    "reset enable_external_access",
    "pragma profiling_output = '{folder}/profile.txt'",
    "set log_query_path = '{folder}/log'",
    "set secret_directory = '{folder}'",
    "create persistent secret s (type s3)",
    "create table marts.mine as select 1 as x",
    "create view marts.mine as select 1 as x",
    "create schema mine",
    "insert into marts.partner_scorecards from marts.partner_scorecards",
    "update marts.partner_score_history set revenue_score = 100",
    "delete from marts.partner_score_history",
    "drop table marts.partner_scorecards",
    "alter table marts.partner_scorecards add column x integer",
    "comment on table marts.partner_scorecards is 'mine'",
    "from a_variable_of_the_program",
]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Published once, for no test here may be able to change it."""
    folder = tmp_path_factory.mktemp("places")
    settings = Settings(warehouse=folder / "warehouse", memory_limit="500MB")
    build_working(settings)
    release = publish(settings, make_facts())
    (folder / "secret.csv").write_text("secret\n1\n")
    parquet = release.path / "parquet" / "partner_scorecards.parquet"
    return {"file": str(folder / "secret.csv"), "folder": str(folder), "parquet": str(parquet),
            "working": str(settings.working_database)}  # fmt: skip


@pytest.mark.parametrize("sql", DENIED)
def test_the_sql_of_a_reader_reaches_nothing_else(places: dict[str, str], sql: str) -> None:
    a_variable_of_the_program = duckdb.sql("select 1 as x").arrow()
    assert a_variable_of_the_program is not None
    folder = Path(places["folder"])
    before = {(str(path), path.lstat().st_mtime_ns) for path in folder.rglob("*")}
    with (
        open_release(Settings(warehouse=folder / "warehouse")) as reader,
        pytest.raises(duckdb.Error) as caught,
    ):
        reader.execute(sql.format(**places)).fetchall()
    assert not isinstance(caught.value, duckdb.ParserException)  # refused, not misspelt
    assert {(str(path), path.lstat().st_mtime_ns) for path in folder.rglob("*")} == before


@pytest.mark.parametrize("sql", [s for s in DENIED if not s.startswith(("from a_", "load '"))])
def test_these_statements_do_reach_out_of_an_open_connection(
    places: dict[str, str], sql: str, tmp_path: Path
) -> None:
    """So that the list above is denied by the settings, and not by a mistake in it."""
    release = Path(places["folder"]) / "warehouse" / "releases" / "current"
    shutil.copyfile(release / "partner_scoring.duckdb", tmp_path / "copy.duckdb")
    with duckdb.connect(str(tmp_path / "copy.duckdb")) as connection:
        try:
            connection.execute(sql.format(**{**places, "folder": str(tmp_path)}))
        except duckdb.Error as error:
            assert not isinstance(error, duckdb.PermissionException | duckdb.ParserException)
            assert "disabled" not in str(error) and "locked" not in str(error)


def test_the_settings_that_the_documentation_hands_out_deny_the_same(
    places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (PROJECT_DIR / "docs" / "releases.md").read_text()
    (block,) = [b for b in re.findall(r"```python\n(.*?)```", text, re.S) if "realpath" in b]
    monkeypatch.chdir(places["folder"])
    names: dict[str, Any] = {}
    exec(block, names)
    with names["release"] as reader:
        assert reader.execute(SEEDS).fetchone() == ([0],)
        denied = {sql for sql in DENIED if is_denied(reader, sql.format(**places))}
    assert denied == set(DENIED)


def test_the_settings_that_superset_opens_a_release_with_deny_the_same(
    places: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPERSET_HOME", str(tmp_path))
    monkeypatch.setenv("PARTNER_SCORING_WAREHOUSE", f"{places['folder']}/warehouse")
    config = runpy.run_path(str(PROJECT_DIR / "dashboard" / "superset" / "superset_config.py"))
    asked = make_url("duckdb:////anything.duckdb?access_mode=read_write")
    opened, params = config["DB_CONNECTION_MUTATOR"](asked, {}, None, None, None)
    served = Path(places["folder"]) / "warehouse" / "releases" / "current"
    assert opened.database == str(served.resolve() / "partner_scoring.duckdb")
    assert not opened.query
    with duckdb.connect(opened.database, **params["connect_args"]) as reader:
        assert reader.execute(SEEDS).fetchone() == ([0],)
        denied = {sql for sql in DENIED if is_denied(reader, sql.format(**places))}
    assert denied == set(DENIED)


def is_denied(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    try:
        connection.execute(sql).fetchall()
    except duckdb.Error:
        return True
    return False


def test_two_readers_of_one_process_share_a_release(working: Settings) -> None:
    publish(working, make_facts())
    with open_release(working) as one, open_release(working) as two:
        assert one.execute(SEEDS).fetchone() == two.execute(SEEDS).fetchone() == ([0],)
        for connection in (one, two):
            assert connection.execute(
                "select current_setting('lock_configuration'), current_setting('TimeZone')"
            ).fetchone() == (True, "UTC")


def test_a_large_query_fails_rather_than_spill_beside_the_release(working: Settings) -> None:
    release = publish(working, make_facts())
    with (
        connect_hardened(release.database, memory_limit="60MB", threads=1) as reader,
        pytest.raises(duckdb.OutOfMemoryException),
    ):
        reader.execute(
            "select max(place) from (select row_number() over (order by hash(range), range) "
            "as place from range(3000000))"
        ).fetchall()
    assert not list(release.path.glob("*.tmp"))


def test_query_gives_columns_and_rows(working: Settings) -> None:
    publish(working, make_facts())
    columns, rows = query(
        working,
        "select partner_id, week_start from marts.partner_scorecards where partner_id = $id",
        {"id": "P00003"},
    )
    assert columns == ["partner_id", "week_start"]
    assert [row[0] for row in rows] == ["P00003"]
    assert query(working, "select ?::integer + 1 as x", [1]) == (["x"], [(2,)])
    for sql in ("create temp table t as select 1", "select 1; select 2", "", "set x = 1"):
        with pytest.raises(PublishError, match="one SELECT"):
            query(working, sql)


def test_a_release_can_be_read_by_its_pointer_from_another_process(working: Settings) -> None:
    publish(working, make_facts())
    path = working.releases / "current" / "partner_scoring.duckdb"
    code = "import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True).sql('from "\
           "release.about').fetchone()[0])"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
    assert done.stdout.strip() == os.readlink(working.releases / "current")
