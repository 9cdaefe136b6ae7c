"""What a newcomer gets wrong first: each answer says what is missing and the next command."""

import io
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import duckdb
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError
from rich.console import Console
from typer.testing import CliRunner

from orchestration import pipeline, summary
from orchestration.cli import app
from tests.python.pipeline.running import Programme


def answer(programme: Programme, *words: str, code: int) -> str:
    """What a command says, in this process, in one line."""
    env = {
        "PARTNER_SCORING_LANDING": str(programme.landing),
        "PARTNER_SCORING_WAREHOUSE": str(programme.warehouse),
        "COLUMNS": "80",
    }
    done = CliRunner().invoke(app, list(words), env=env)
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("status",), 0),
        (("releases",), 0),
        (("rollback",), 1),
        (("query", "select 1"), 1),
        (("review",), 1),
        (("docs",), 1),
    ],
)
def test_a_warehouse_without_a_run_is_named_with_the_command_that_makes_one(
    programme: Programme, words: tuple[str, ...], code: int
):
    said = answer(programme, *words, code=code)
    # A long path is broken into lines.
    assert str(programme.warehouse) in said or str(programme.warehouse) in said.replace(" ", "")
    assert "`partner-scoring run`" in said
    assert not programme.settings().working_database.exists()


def test_nothing_is_made_to_dismiss_a_file_from(programme: Programme):
    assert "nothing has landed" in answer(programme, "dismiss", "a.csv", "--reason", "x", code=1)
    assert not programme.settings().working_database.exists()


def test_a_command_beside_a_run_is_told_to_wait(programme: Programme):
    """It asks the database of the run, which DuckDB refuses with the number of a process."""
    database = programme.settings().working_database
    database.parent.mkdir(parents=True)
    hold = "import duckdb, sys, time; held = duckdb.connect(sys.argv[1]); print(flush=True); "
    words = [sys.executable, "-c", hold + "time.sleep(60)", str(database)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        said = answer(programme, "assign", "coaching_pilot", "--on", "2026-07-06", code=4)
        holder.kill()
    assert "A run that is under way holds the database" in said
    assert "`partner-scoring status`" in said


def test_an_error_of_ours_is_told_without_its_class():
    ours = "orchestration.publishing.facts.PublishError: Publishing failed at step 'copy'\n"
    assert pipeline._in_words(ours) == "Publishing failed at step 'copy'"
    theirs = "\x1b[31mduckdb.IOException: orchestration.x: no space\x1b[0m"
    assert pipeline._in_words(theirs) == "duckdb.IOException: orchestration.x: no space"


@pytest.mark.parametrize("error", [DagsterExecutionInterruptedError(), ValueError("no room")])
def test_a_run_that_somebody_ended_is_told_as_that(programme: Programme, error: BaseException):
    @dg.op
    def ended() -> None:
        raise error

    @dg.job
    def run() -> None:
        ended()

    result = run.execute_in_process(raise_on_error=False)
    assert not result.success
    settings = programme.settings()
    settings.warehouse.mkdir()
    with duckdb.connect(str(settings.working_database)) as still_held:
        still_held.execute("create table half_of_a_build (x integer)")
        interrupted = isinstance(error, DagsterExecutionInterruptedError)
        assert pipeline._was_interrupted(result) == interrupted
        if interrupted:
            failed = pipeline._failure(settings, result, since=0)
            assert "begins it again" in failed.message and not failed.blocking


def test_a_programme_in_which_nobody_is_scored_is_told_why(
    monkeypatch: pytest.MonkeyPatch, programme: Programme
):
    marts = duckdb.connect()
    marts.execute(
        """create schema marts;
        create table marts.partner_scorecards as
        select
            'P' || i as partner_id, 'Acme' as partner_name, 'reseller' as segment,
            3 as tenure_week, null as revenue_score, null as engagement_score,
            null as composite_score, 'unscored' as status, null as strengths, null as gaps,
            if(i = 1, 'too little is known', 'under 4 weeks of tenure') as status_reason
        from range(3) as r (i)"""
    )

    def query(_settings: object, sql: str) -> tuple[list[str], list[tuple]]:
        return [], marts.execute(sql).fetchall()

    monkeypatch.setattr(summary.publishing, "query", query)
    console = Console(file=io.StringIO(), width=80)
    summary._promising(console, programme.settings())
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "nobody yet: 2 unscored, under 4 weeks of tenure" in said
    assert "nobody yet: 1 unscored, too little is known" in said


def test_breadth_is_told_by_outcome(monkeypatch: pytest.MonkeyPatch, programme: Programme):
    """Logins alone say much of engagement and next to nothing of revenue."""
    marts = duckdb.connect()
    marts.execute(
        """create schema marts;
        create table marts.framework_breadth as
        from (values
            ('baseline', true, 'revenue', 0.034), ('baseline', true, 'engagement', 0.397),
            ('baseline', false, 'revenue', 0.9), ('services', true, 'revenue', 0.8)
        ) as breadths (segment, is_in_force, outcome, breadth)"""
    )
    monkeypatch.setattr(
        summary.publishing, "query", lambda _, sql: ([], marts.execute(sql).fetchall())
    )
    assert summary._breadth(programme.settings()) == "engagement 40%, revenue 3%"


def test_what_is_held_and_what_warns_is_named_at_the_end(
    monkeypatch: pytest.MonkeyPatch, programme: Programme
):
    """A programme that books in a currency without a rate has no revenue, and nothing fails."""
    marts = duckdb.connect()
    marts.execute(
        """create schema marts;
        create table marts.set_aside_records as
        from (values
            ('held', 'unknown partner'), ('held', 'no exchange rate for PLN'),
            ('held', 'no exchange rate for PLN'), ('quarantined', 'amount: below 0')
        ) as records (state, reason)"""
    )
    monkeypatch.setattr(
        summary.publishing, "query", lambda _, sql: ([], marts.execute(sql).fetchall())
    )
    told = summary._why_held(programme.settings())
    assert told == ": no exchange rate for PLN, unknown partner"
    silent = {"status": "failed", "check_name": "raw_portal.milestones.freshness_warning"}
    silent |= {"observed": "newest event 126.7 days before", "remedy": "Ask the owner."}
    console = Console(file=io.StringIO(), width=80)
    summary._warnings(console, [silent | {"status": "passed"}])
    assert not console.file.getvalue()  # type: ignore[attr-defined]
    summary._warnings(console, [silent] * 10)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    line = f"  {silent['check_name']}: newest event 126.7 days before. Ask the owner."
    assert said.splitlines().count(line) == 8
    assert "and 2 more" in said


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (None, "2026-05-17"),
        (date(2026, 5, 17), "2026-05-17"),
        (date(2026, 5, 20), "2026-05-17, the Sunday of the last week that is over by 2026-05-20"),
    ],
)
def test_a_day_in_the_week_is_told_as_the_sunday_before(
    tmp_path: Path, asked: date | None, words: str
):
    release = SimpleNamespace(as_of=date(2026, 5, 17))
    settings = Programme(tmp_path).settings(as_of=asked)
    assert summary._day(settings, release) == words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "word", [None, *(one.callback.__name__ for one in app.registered_commands)]
)
def test_help_is_whole_at_a_narrow_terminal(programme: Programme, word: str | None):
    words = [word.replace("_", "-")] if word else []
    done = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80"})
    assert done.exit_code == 0 and "Usage" in done.output
    assert "…" not in done.output, "an option or a word is cut off"
    # Paragraphs fill the lines: none is broken where it is in the code.
    said = done.output.split("╭─")[0].splitlines()
    for line, following in pairwise(said):
        if line.strip() and following.strip():
            assert len(line.rstrip()) + 1 + len(following.split()[0]) > 79


def test_wrong_settings_are_told_by_the_name_that_they_were_given_by(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
):
    wrong = ("run", "--reporting-currency", "eur")
    assert "--reporting-currency: write it as EUR" in answer(programme, *wrong, code=2)
    monkeypatch.setenv("PARTNER_SCORING_THREADS", "many")
    assert "PARTNER_SCORING_THREADS: " in answer(programme, "status", code=2)
    monkeypatch.undo()
    programme.warehouse.write_text("")
    for word in ("status", "releases", "review"):
        assert "is a file; name a folder" in answer(programme, word, code=2)
    programme.warehouse.unlink()
    programme.landing.write_text("")
    assert "is a file; name a folder" in answer(programme, "sample", code=2)
