"""What a release holds, when it is refused, and that it can be found and asked."""

import json
import os
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from publishing_fixtures import build_working, make_facts

from orchestration.publishing import (
    NoRelease,
    NotPublishable,
    PublishError,
    current,
    fingerprint,
    made_from,
    open_release,
    publish,
    query,
    releases,
    score_hash,
    verify_digests,
)
from orchestration.settings import Settings

PASSED = make_facts().check_results[0]


def test_a_release_holds_every_mart_as_a_table_and_as_parquet(working: Settings) -> None:
    release = publish(working, make_facts(keys={"partner_scorecards": ["revenue_score"]}))
    names = ["partner_score_history", "partner_scorecards", "plain_view", "quality_checks"]
    with duckdb.connect(str(release.database), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' order by all"
        ).fetchall()
        assert [name for (name,) in tables] == names
        assert connection.execute("select count(*) from duckdb_views() where not internal"
                                  ).fetchone() == (0,)  # fmt: skip
        about = connection.execute("select release_id, as_of, partners, score_hash "
                                   "from release.about").fetchall()  # fmt: skip
        by_key = connection.execute("select revenue_score from marts.partner_scorecards").fetchall()
        by_default = connection.execute(
            "select partner_id, week_start from marts.partner_score_history"
        ).fetchall()
    assert about == [(release.id, date(2026, 6, 28), 20, release.score_hash)]
    assert by_key == sorted(by_key)
    assert by_default == sorted(by_default)
    for name in names:
        file = release.path / "parquet" / f"{name}.parquet"
        inside = duckdb.sql(f"select count(*) from '{file}'").fetchone()
        _, rows = query(working, f"select count(*) from marts.{name}")
        assert inside == rows[0]


def test_descriptions_travel_with_the_data(working: Settings) -> None:
    publish(working, make_facts())
    _, tables = query(
        working,
        "select table_name, comment from duckdb_tables() "
        "where comment is not null and schema_name = 'marts' order by 1",
    )
    _, columns = query(
        working,
        "select column_name, comment from duckdb_columns() "
        "where comment is not null and schema_name = 'marts' order by 1",
    )
    assert tables == [
        ("partner_score_history", "Every score that was published's own words."),
        ("quality_checks", "Checks of the run."),
    ]
    assert columns == [
        ("revenue_score", "Expected revenue, 0 to 100."),
        ("status", "passed, failed or crashed."),
    ]


def test_the_manifest_says_what_the_release_was_made_from(working: Settings) -> None:
    release = publish(working, make_facts())
    manifest = json.loads(release.manifest.read_text())
    assert manifest["release_id"] == release.id == release.path.name
    assert manifest["run"]["as_of"] == "2026-06-28"
    assert manifest["inputs"][0]["sha256"] == "a" * 64
    assert manifest["checks"]["counts"] == {"passed": 1}
    assert manifest["marts"]["partner_score_history"]["rows"] == 160
    assert manifest["versions"]["duckdb"] == duckdb.__version__
    assert {"partner_scoring.duckdb", "README.md", "parquet/quality_checks.parquet"} <= set(
        manifest["files"]
    )
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=release.path, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_files_are_read_only_and_the_pointer_is_relative(working: Settings) -> None:
    release = publish(working, make_facts())
    modes = {path.stat().st_mode & 0o777 for path in release.path.rglob("*") if path.is_file()}
    assert modes == {0o444}
    assert os.readlink(working.releases / "current") == release.id
    assert sorted(p.name for p in working.releases.iterdir()) == [
        release.id, "current", "pointer_log.jsonl",
    ]  # fmt: skip


def test_no_file_of_a_release_names_a_folder_of_the_machine(
    working: Settings, tmp_path: Path
) -> None:
    report = tmp_path / "report"
    (report / "static").mkdir(parents=True)
    (report / "index.html").write_text(f"<a href='file://{working.warehouse}/quality/x'>x</a>")
    (report / "static" / "logo.png").write_bytes(b"\x89PNG\x00")
    lineage = tmp_path / "lineage.json"
    lineage.write_text(json.dumps({"database": str(working.working_database), "url": "a/b"}))
    facts = make_facts(
        attachments={"quality": report, "lineage.json": lineage},
        totals={"landing": str(working.landing)},
    )
    release = publish(working, facts)
    for path in release.path.rglob("*"):
        if path.is_file():
            assert str(tmp_path).encode() not in path.read_bytes(), path.name
    assert (release.path / "quality/index.html").read_text() == (
        "<a href='file://WAREHOUSE/quality/x'>x</a>"
    )
    assert json.loads((release.path / "lineage.json").read_text()) == {
        "database": "WAREHOUSE/working.duckdb", "url": "a/b",
    }  # fmt: skip
    assert (release.path / "quality/static/logo.png").read_bytes() == b"\x89PNG\x00"
    verify_digests(release.path)


@pytest.mark.parametrize("name", ["../x", "/x", "manifest.json", "parquet/y", ""])
def test_an_attachment_stays_inside_and_replaces_nothing(
    working: Settings, tmp_path: Path, name: str
) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(PublishError, match="choose a name"):
        publish(working, make_facts(attachments={name: tmp_path / "x"}))


def test_an_attachment_that_was_not_made_stops_publishing(
    working: Settings, tmp_path: Path
) -> None:
    with pytest.raises(PublishError, match=r"'lineage.json' was not made"):
        publish(working, make_facts(attachments={"lineage.json": tmp_path / "none"}))
    assert current(working) is None


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        pytest.param([], "missing", id="missing"),
        pytest.param([{**PASSED, "status": "crashed"}], "crashed", id="crashed"),
        pytest.param(
            [{**PASSED, "status": "crashed", "severity": "warn"}], "crashed", id="crashed warning"
        ),
        pytest.param(
            [{**PASSED, "status": "failed", "observed": "3 rows", "remedy": "Look at bands."}],
            "failed, 3 rows. Look at bands.",
            id="failed",
        ),
        pytest.param([{**PASSED, "status": "failed", "severity": None}], "failed", id="severity"),
        pytest.param([{**PASSED, "status": None}], "without a status", id="no status"),
        pytest.param([{**PASSED, "status": "skipped"}], "skipped", id="unknown status"),
        pytest.param([{**PASSED, "run_id": "run-0"}], "missing", id="result of another run"),
        pytest.param([PASSED, {**PASSED, "status": "failed"}], "failed", id="one of two failed"),
        pytest.param(
            [PASSED, {**PASSED, "check_name": "not expected", "status": "failed"}],
            "not expected: failed",
            id="failed though not expected",
        ),
    ],
)
def test_publishing_is_blocked_unless_every_check_passed(  # F9
    working: Settings, results: list[dict[str, str]], expected: str
) -> None:
    before = publish(working, make_facts())
    with pytest.raises(NotPublishable, match=expected) as caught:
        publish(working, make_facts(check_results=results))
    assert len(caught.value.blockers) == 1
    assert current(working) == before


def test_a_warning_does_not_block_and_expecting_nothing_does(working: Settings) -> None:
    publish(working, make_facts(check_results=[{**PASSED, "status": "failed", "severity": "warn"}]))
    with pytest.raises(NotPublishable, match="no check was expected"):
        publish(working, make_facts(checks_expected=[], check_results=[]))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("delete from marts.partner_score_history", "absent or empty"),
        ("drop table marts.partner_score_history", "absent or empty"),
        ("alter table marts.partner_score_history drop column status", "column.s. status"),
        ('create table marts."a/b" as select 1 as x', "letters, digits"),
        ("create view marts.broken as select * from quality.check_results; "
         "drop table quality.check_results", "check_results"),
        ("create table marts.lossy as select 9007199254740993::hugeint as x",
         "cast it in the mart"),
    ],
)  # fmt: skip
def test_marts_that_cannot_be_published_whole_are_not(
    working: Settings, sql: str, expected: str
) -> None:
    before = publish(working, make_facts())
    with duckdb.connect(str(working.working_database)) as connection:
        connection.execute(sql)
    with pytest.raises(PublishError, match=expected):
        publish(working, make_facts())
    assert current(working) == before
    assert not list(working.releases.glob(".*"))


def test_without_a_working_database_the_error_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(PublishError, match="Build the marts first"):
        publish(settings, make_facts())
    assert (current(settings), releases(settings)) == (None, [])
    with pytest.raises(NoRelease, match="makes the first release"):
        open_release(settings)


def test_releases_are_listed_oldest_first_and_sort_by_id(working: Settings) -> None:
    made = []
    for seed in range(3):
        build_working(working, seed=seed)
        made.append(publish(working, make_facts(run_id="run-1")))
    found = releases(working)
    assert [release.id for release in found] == [release.id for release in made]
    assert [release.is_current for release in found] == [False, False, True]
    assert [release.previous for release in found] == [None, made[0].id, made[1].id]
    assert found[-1] == current(working) == made[-1]
    assert len({release.score_hash for release in found}) == 3


def test_the_same_run_is_known_by_its_fingerprint(working: Settings) -> None:
    inputs = make_facts().inputs
    arguments = {"as_of": date(2026, 6, 28), "known_at": None, "code_version": "1",
                 "framework_hash": "f", "inputs": inputs}  # fmt: skip
    print_ = fingerprint(**arguments)
    release = publish(working, make_facts(fingerprint=print_))
    assert made_from(working, fingerprint(**arguments)) == release
    moved = [{**inputs[0], "path": "crm/partners/renamed.csv"}]
    assert fingerprint(**{**arguments, "inputs": moved}) == print_
    for change in (
        {"as_of": date(2026, 6, 28) + timedelta(days=7)},
        {"inputs": [{**inputs[0], "sha256": "b"}]},
        {"framework_hash": "g"},
        {"code_version": "2"},
    ):
        assert made_from(working, fingerprint(**{**arguments, **change})) is None
    assert made_from(working, "") is None


def test_an_empty_fingerprint_stands_for_nothing(working: Settings) -> None:
    publish(working, replace(make_facts(), fingerprint=""))
    assert made_from(working, "") is None


def test_the_score_hash_of_a_release_is_that_of_the_working_database(working: Settings) -> None:
    release = publish(working, make_facts())
    with duckdb.connect(str(working.working_database), read_only=True) as connection:
        assert score_hash(connection) == release.score_hash
