"""The whole way as a user goes it: the command line, its answers, its exit codes, the release."""

import json
import subprocess
import sys
import time

import pytest

from orchestration import pipeline
from tests.python.pipeline.conftest import PARTNERS_HEADER
from tests.python.pipeline.running import Programme


def manifest(programme: Programme) -> dict:
    return json.loads(
        (programme.warehouse / "releases" / programme.served / "manifest.json").read_text()
    )


def test_a_run_says_what_it_did_and_what_to_do_next(released: Programme):
    said = (released.folder / "run.txt").read_text()
    for word in ("files", "rows", "staged", "quarantined", "rejected", "checks", "partners",
                 "Most promising", "release", "partner-scoring query", "make ui"):  # fmt: skip
        assert word in said


def test_columns_come_in_the_order_of_their_contract(released: Programme):
    """On every engine: views and tables, and what Spark wrote, are then the same for readers."""
    project = json.loads((released.settings().dbt_target / "manifest.json").read_text())
    stated = {
        node["name"]: list(node["columns"])
        for node in project["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }
    for mart, facts in manifest(released)["marts"].items():
        assert [column["name"] for column in facts["columns"]] == stated[mart], mart


def test_every_line_is_accounted_for(released: Programme):
    totals = manifest(released)["run"]["totals"]
    assert totals["rows_landed"] == totals["rows_staged"] + totals["rows_quarantined"]
    ((lines, accounted),) = released.released(
        """select
               sum(physical_lines),
               sum(rows_landed + lines_rejected + header_lines + blank_lines
                   + continuation_lines)
           from marts.landed_files where status = 'landed'"""
    )
    assert lines == accounted > 10_000


def test_the_dirt_of_the_sample_ends_where_it_should(released: Programme):
    dirt = json.loads((released.folder / "truth" / "dirt.json").read_text())
    spoiled = dirt if isinstance(dirt, list) else dirt["spoiled"]
    quarantined = sum(each["expected"] == "quarantined" for each in spoiled)
    rejected = sum(each["expected"] == "rejected" for each in spoiled)
    held = sum(each["expected"] == "held" for each in spoiled)
    totals = manifest(released)["run"]["totals"]
    assert (totals["rows_quarantined"], totals["lines_rejected"]) == (quarantined, rejected)
    assert totals["activities_held"] >= held > 0


def test_every_partner_has_a_score_or_a_reason(released: Programme):
    ((unexplained,),) = released.released(
        """select count(*) from marts.partner_scorecards
           where (revenue_score is null or engagement_score is null) and status_reason is null"""
    )
    assert unexplained == 0
    ((scored,),) = released.released(
        """select count(*) from marts.partner_scorecards
           where status = 'published' and strengths is not null"""
    )
    assert scored > 20


def test_another_process_reads_the_release_by_query(released: Programme):
    done = released.command(
        "query", "select count(*) as partners from marts.partner_scorecards", "--csv"
    )
    assert done.stdout.split() == ["partners", "60"] or int(done.stdout.split()[1]) >= 60


def test_query_refuses_to_write_and_to_read_files(released: Programme):
    for sql in ("create table marts.mine as select 1", "select * from read_csv('/etc/passwd')"):
        assert released.command("query", sql, code=1).stderr


def test_the_manifest_has_every_check_and_each_is_a_row_of_a_mart(released: Programme):
    facts = manifest(released)
    answered = {each["check_name"] for each in facts["checks"]["results"]}
    assert set(facts["checks"]["expected"]) == answered
    rows = released.released(
        f"select check_name from marts.quality_checks where run_id = '{facts['run']['run_id']}'"
    )
    assert {name for (name,) in rows} == answered


def test_the_release_carries_lineage_and_quality_reports(released: Programme):
    folder = released.warehouse / "releases" / released.served
    lineage = json.loads((folder / "lineage.json").read_text())
    made_from = lineage["scores.outcome_scores"]["revenue_score"]
    assert "scores.stable_scores.revenue_score" in made_from
    assert "finance.bookings.amount" in lineage["staging.stg_finance__bookings"]["amount"]
    assert (folder / "quality" / "index.html").exists()


def test_a_second_run_with_nothing_new_is_quick_and_says_so(released: Programme):
    started = time.process_time(), time.monotonic()
    done = released.command("run")
    assert "Nothing new" in done.stdout
    # Dagster and dbt are not even imported: it takes a few seconds on a busy machine.
    assert time.monotonic() - started[1] < 20


def test_text_that_looks_like_markup_is_shown_as_it_is(released: Programme):
    shown = released.command("query", "select '[/x] and [red]y[/red]' as \"[bold]\"").stdout
    assert "[/x] and [red]y[/red]" in shown and "[bold]" in shown


def test_a_currency_without_rates_is_refused_before_anything_is_built(released: Programme):
    assert "EUR" in released.command("run", "--reporting-currency", "XXX", code=1).stderr
    assert "currency" in released.command("run", "--reporting-currency", "usd", code=2).stderr


def test_the_working_database_is_private(released: Programme):
    """Rejected lines keep their text, which may name people."""
    assert released.settings().working_database.stat().st_mode & 0o077 == 0


def test_a_second_run_at_once_is_told_who_holds_the_warehouse(copy_of_released: Programme):
    holding = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sys, time\n"
            "from orchestration.locking import single_writer\n"
            "from orchestration.settings import Settings\n"
            "with single_writer(Settings(), 'a long run'):\n"
            "    print('held', flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        env={"PARTNER_SCORING_WAREHOUSE": str(copy_of_released.warehouse)},
    )  # fmt: skip
    try:
        assert holding.stdout is not None and holding.stdout.readline() == b"held\n"
        said = copy_of_released.command("run", code=4).stderr
        assert "a long run" in said and str(holding.pid) in said
    finally:
        holding.kill()
        holding.wait()


def test_wrong_use_is_told_with_the_remedy(programme: Programme):
    assert "partner-scoring sample" in programme.command("run", code=2).stderr
    assert programme.command("run", "--as-of", "yesterday", code=2).stderr
    assert "no release yet" in programme.command("status").stdout
    programme.command("query", "select 1", code=1)
    programme.command("rollback", code=1)


def test_what_cannot_be_scored_is_refused_before_anything_is_built(programme: Programme):
    def refusal() -> str:
        with pytest.raises(pipeline.RunFailed) as refused:
            pipeline.run(programme.settings())
        assert not programme.settings().working_database.exists()
        return str(refused.value)

    programme.landing.mkdir()
    assert str(programme.landing / "crm" / "partners") in refusal()
    assert "contract_signed_at" in refusal() and "files lie" not in refusal()
    programme.write("partners.csv", PARTNERS_HEADER)
    programme.write("crm/partner/partners.csv", PARTNERS_HEADER)
    assert "2 files lie where nothing is read, such as crm/partner/partners.csv" in refusal()
    programme.write("crm/partners/partners.csv", PARTNERS_HEADER)
    assert "only crm.partners has arrived" in refusal()
    assert "activities" in refusal() and "2 files lie" in refusal()


@pytest.mark.parametrize(
    "word",
    ["run", "land", "sample", "status", "releases", "rollback", "prune", "query", "dismiss", "ui"],
)
def test_help_teaches(programme: Programme, word: str):
    assert len(programme.command(word, "--help").stdout.splitlines()) > 8
