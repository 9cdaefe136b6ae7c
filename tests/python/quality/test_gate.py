"""How a gate runs: crashes block, nothing of a row leaks, the file is let go, in any time zone."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from quality_fixtures import CANARY, NOW, Warehouse

from orchestration.quality import (
    blocking_failures,
    build_data_docs,
    ensure_tables,
    expected_checks,
    missing_checks,
    read_results,
    relations,
)

CARDS = "marts.partner_scorecards"
DEALS = "raw_crm.deals"


def test_a_broken_check_crashes_alone_and_blocks(scored: Warehouse) -> None:
    scored.plant(f"alter table {CARDS} drop column coverage")
    results = scored.run("release")
    crashed = [one for one in results.values() if one.status == "crashed"]
    assert [one.check_name for one in crashed] == [f"{CARDS}.coverage.in_range"]
    assert "coverage" in crashed[0].observed
    assert blocking_failures(results.values()) == crashed
    assert missing_checks(expected_checks("release"), results.values()) == []


def test_a_crashed_warning_blocks_too(scored: Warehouse) -> None:
    result = scored.run("release", CARDS)[f"{CARDS}.scored_share"]
    assert result.severity == "warn"
    assert blocking_failures([replace(result, status="failed")]) == []
    assert blocking_failures([replace(result, status="crashed")]) != []


def test_a_missing_mart_blocks(scored: Warehouse) -> None:
    scored.plant(f"drop table {CARDS}")
    results = scored.run("release", CARDS)
    assert {one.status for one in results.values()} == {"crashed"}
    assert build_data_docs(scored.settings).exists()


def test_a_missing_ledger_blocks(landed: Warehouse) -> None:
    landed.plant("drop table landing.files")
    results = landed.run("arrival", DEALS)
    assert blocking_failures(results.values())
    assert results[f"{DEALS}.quarantined_files"].status == "crashed"


@pytest.mark.parametrize("method", ["validate", "summarise"])
def test_whatever_is_raised_is_not_a_pass(
    scored: Warehouse, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    from orchestration.quality.engine import Session

    def fail(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(Session, method, fail)
    results = scored.run("release", CARDS)
    assert {one.status for one in results.values()} == {"crashed"}
    assert len(blocking_failures(results.values())) == len(results)
    assert CANARY not in str(results)


def test_an_expectation_that_raises_crashes(
    scored: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from great_expectations.expectations.core.expect_column_max_to_be_between import (
        ExpectColumnMaxToBeBetween,
    )

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(ExpectColumnMaxToBeBetween, "_validate", fail)
    results = scored.run("release", "marts.metric_registry")
    assert {one.status for one in results.values()} == {"crashed"}
    assert "RuntimeError" in next(iter(results.values())).observed
    assert CANARY not in str(results) + _written(scored)


def test_a_check_without_a_result_is_missing(scored: Warehouse) -> None:
    results = scored.run("release")
    del results[f"{CARDS}.partner_id.unique"]
    missing = missing_checks(expected_checks("release"), results.values())
    assert [one.check_name for one in missing] == [f"{CARDS}.partner_id.unique"]
    assert len(missing_checks(expected_checks("arrival"), results.values())) == len(
        expected_checks("arrival")
    )


def test_relations_can_be_checked_one_by_one(scored: Warehouse) -> None:
    for relation in relations("release"):
        scored.run("release", relation)
    with scored.writing() as connection:
        results = read_results(connection, "run-1")
    assert missing_checks(expected_checks("release"), results) == []
    with pytest.raises(ValueError, match=r"marts\.no_such"):
        scored.run("release", "marts.no_such")


def test_results_are_recorded_once_a_run(scored: Warehouse) -> None:
    results = scored.run("release", CARDS)
    assert scored.run("release", CARDS) == results
    scored.run("release", CARDS, run_id="run-2")
    with scored.writing() as connection:
        ensure_tables(connection)
        assert {one.check_name: one for one in read_results(connection, "run-1")} == results
        assert read_results(connection, "run-3") == []
        count = connection.execute("select count(*) from quality.check_results").fetchone()
    assert count == (2 * len(results),)


def test_progress_names_each_relation(scored: Warehouse) -> None:
    said: list[str] = []
    scored.run("release", progress=said.append)
    assert [one.removeprefix("release gate: ") for one in said] == relations("release")


def test_no_value_of_a_row_leaks(
    landed: Warehouse, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for column in ("deal_id", "partner_id", "registered_at", "outcome", "amount", "currency"):
        landed.spoil(DEALS, column, CANARY)
    landed.spoil("raw_feedback.surveys", "comment", CANARY)
    landed.spoil("raw_feedback.surveys", "score", CANARY)
    arrival = landed.run("arrival", DEALS, "raw_feedback.surveys")
    assert len([one for one in arrival.values() if one.status == "failed"]) >= 5
    marts = Path(landed.settings.working_database)
    assert CANARY.encode() in marts.read_bytes()
    build_data_docs(landed.settings)
    out = capfd.readouterr()
    assert CANARY not in str(arrival) + _written(landed) + out.out + out.err + caplog.text


def test_no_value_of_a_crashing_row_leaks(
    scored: Warehouse, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    scored.plant(
        f"alter table {CARDS} alter coverage type varchar",
        f"update {CARDS} set coverage = '{CANARY}', segment = '{CANARY}', status = '{CANARY}'",
    )
    results = scored.run("release")
    assert results[f"{CARDS}.coverage.in_range"].status == "crashed"
    build_data_docs(scored.settings)
    out = capfd.readouterr()
    assert CANARY not in str(results) + _written(scored) + out.out + out.err + caplog.text


def test_data_docs_are_whole_and_load_nothing(scored: Warehouse) -> None:
    scored.plant(f"update {CARDS} set status = '<script>' where partner_id = 'P9'")
    scored.run("release")
    index = build_data_docs(scored.settings)
    pages = sorted(index.parent.glob("*.html"))
    assert index.name == "index.html"
    assert len(pages) == 1 + len(relations("release"))
    text = "".join(page.read_text("utf-8") for page in pages)
    assert "1 of 40 rows break this" in text
    assert not {word for word in ("http:", "https:", "<script", "src=") if word in text}
    for spec in expected_checks("release"):
        assert spec.check_name in text


@pytest.mark.parametrize("gate", ["good", "crashing"])
def test_the_file_is_let_go(scored: Warehouse, gate: str) -> None:
    if gate == "crashing":
        scored.plant(f"drop table {CARDS}")
    scored.run("release", previous_release=scored.copy("before.duckdb"))
    write = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table t (i int)')"
    for name in (scored.settings.working_database, scored.settings.warehouse / "before.duckdb"):
        subprocess.run([sys.executable, "-c", write, str(name)], check=True)


def test_a_failed_start_lets_go_and_records_nothing(landed: Warehouse) -> None:
    landed.settings.working_database.write_bytes(b"not a database")
    with pytest.raises(Exception, match="not a valid DuckDB"):
        landed.run("arrival")


def test_time_zones_do_not_matter(landed: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    observed = []
    for zone in ("UTC", "Pacific/Kiritimati", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        results = landed.run("arrival", "raw_crm.leads", as_of=date(2026, 11, 26))
        observed.append(results)
    monkeypatch.undo()
    time.tzset()
    assert observed[0] == observed[1] == observed[2]
    assert observed[0]["raw_crm.leads.freshness"].checked_at == NOW.replace(tzinfo=None)


def test_naive_times_are_utc(scored: Warehouse) -> None:
    naive, aware = datetime(2026, 11, 6, 4), datetime(2026, 11, 6, 4, tzinfo=UTC)
    first, second = (
        scored.run("release", CARDS, now=now)[f"{CARDS}.partner_id.unique"]
        for now in (naive, aware)
    )
    assert first == second


def test_great_expectations_is_imported_when_a_gate_runs_and_not_before() -> None:
    code = (
        "import sys, orchestration.quality as quality; quality.expected_checks('arrival'); "
        "quality.expected_checks('release'); "
        "assert not {'great_expectations', 'dagster', 'dbt', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def _written(warehouse: Warehouse) -> str:
    """Everything that a gate wrote, but for the database with the rows themselves."""
    files = [one for one in warehouse.settings.quality.rglob("*") if one.is_file()]
    assert files
    with warehouse.writing() as connection:
        recorded = connection.execute("select * from quality.check_results").fetchall()
    return str(recorded) + "".join(one.read_text("utf-8") for one in files)
