"""The command line `partner-scoring`: what people and schedulers start. No work is done here.

Exit codes: 0 done; 1 a step failed; 2 wrong use; 3 checks forbid a release, or the evidence a
proposal; 4 another run holds the warehouse. Whatever the code, readers are served a whole release
or, before the first, none.
"""

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from orchestration.settings import PROJECT_DIR, Settings

FAILED, WRONG_USE, BLOCKED, BUSY = 1, 2, 3, 4

app = typer.Typer(
    name="partner-scoring",
    no_args_is_help=True,
    add_completion=False,
    help="From raw partner activity to audited, explained partner scores.\n\n"
    "`partner-scoring sample` makes a programme to try it on, `partner-scoring run` scores it, "
    "`partner-scoring query` reads the release. The options of `run` can also be set by "
    "environment variables PARTNER_SCORING_<OPTION>.",
    epilog="Exit codes: 0 done; 1 a step failed; 2 wrong use; 3 checks forbid a release; "
    "4 another run holds the warehouse.",
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Landing = Annotated[
    Path | None,
    typer.Option("--landing", help="Folder that files arrive in, as <source>/<entity>/<file>."),
]
Warehouse = Annotated[
    Path | None,
    typer.Option("--warehouse", help="Folder that a run writes to: database, archive, releases."),
]


def settings_of(**given: Any) -> Settings:
    """Settings from the environment, with what was given on the command line on top."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        for each in error.errors():
            option = "--" + "-".join(str(part) for part in each["loc"]).replace("_", "-")
            err.print(
                f"{option}: {each['msg']} (given: {each['input']})", style="red", markup=False
            )
        raise typer.Exit(WRONG_USE) from None


@app.command()
def run(
    landing: Landing = None,
    warehouse: Warehouse = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Last day to score (default: last complete week in the data).",
        ),
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d"],
            help="Use only what had landed by then, UTC (default: everything).",
        ),
    ] = None,
    reporting_currency: Annotated[
        str | None, typer.Option(help="Currency of every published amount (default: EUR).")
    ] = None,
    full_refresh: Annotated[
        bool | None,
        typer.Option("--full-refresh", help="Build everything anew, even if nothing changed."),
    ] = None,
    lineage: Annotated[
        bool | None,
        typer.Option(
            "--lineage/--no-lineage", help="Record column lineage (some seconds) (default: yes)."
        ),
    ] = None,
) -> None:
    """Land, build, check and publish: from the landing folder to a release.

    With nothing new it says so and ends. If a check forbids a release, the last one stays served
    and the answer says what to do.
    """
    from orchestration import pipeline
    from orchestration.summary import failure, success

    settings = settings_of(
        landing=landing,
        warehouse=warehouse,
        as_of=as_of.date() if as_of else None,
        known_at=known_at,
        reporting_currency=reporting_currency,
        full_refresh=full_refresh,
        lineage=lineage,
    )
    _need_landing(settings)
    with _errors_in_words():
        try:
            outcome = pipeline.run(settings, _telling())
        except pipeline.RunFailed as failed:
            failure(err, settings, failed)
            raise typer.Exit(BLOCKED if failed.blocking else FAILED) from None
    success(out, settings, outcome)


@app.command()
def land(
    landing: Landing = None,
    warehouse: Warehouse = None,
    lake: Annotated[
        str | None,
        typer.Option(help="Folder or URL to write what has landed to as Parquet, for Spark."),
    ] = None,
) -> None:
    """Land new files only: archive, check, count and store their rows; build nothing."""
    from orchestration import lake as parquet
    from orchestration import landing as stage
    from orchestration.locking import single_writer

    settings = settings_of(landing=landing, warehouse=warehouse)
    _need_landing(settings)
    with _errors_in_words(), single_writer(settings, "partner-scoring land"):
        report = stage.land(
            settings, progress=lambda line: err.print(line, style="dim", markup=False)
        )
        written = parquet.write(settings, lake) if lake else None
    out.print(
        f"{report.files_landed} files landed, {report.files_quarantined} quarantined, "
        f"{report.files_skipped} known already, {report.files_waiting} still being written"
    )
    out.print(
        f"{report.rows_landed} rows landed, {report.lines_rejected} lines rejected, "
        f"{report.lines_lost} lines lost"
    )
    if written:
        out.print(f"{written.rows_written} rows in {written.files_written} files for {lake}")
    for each in report.files:
        if each.status == "quarantined":
            out.print(f"quarantined {each.path}: {each.reason}. {each.remedy}", markup=False)
    if report.files_quarantined:
        raise typer.Exit(BLOCKED)


@app.command()
def dismiss(
    file: Annotated[
        str,
        typer.Argument(help="Path below the landing folder, or the file's number in the ledger."),
    ],
    reason: Annotated[
        str, typer.Option(help="Why the programme can do without the file; kept in the ledger.")
    ],
    warehouse: Warehouse = None,
) -> None:
    """Go on without a quarantined file: it no longer forbids a release."""
    from orchestration import landing as stage
    from orchestration.locking import single_writer

    settings = settings_of(warehouse=warehouse)
    with _errors_in_words(), single_writer(settings, "partner-scoring dismiss"):
        dismissed = stage.dismiss(settings, int(file) if file.isdigit() else file, reason)
    out.print(f"dismissed {getattr(dismissed, 'path', file)}")


@app.command()
def sample(
    landing: Landing = None,
    partners: Annotated[int, typer.Option(min=1, help="Number of partners.")] = 400,
    weeks: Annotated[int, typer.Option(min=8, help="Length of the programme's history.")] = 104,
    activities: Annotated[
        int | None,
        typer.Option(
            min=1, help="Roughly how many activities (default: as many as such partners have)."
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(help="The same seed gives the same files, byte by byte.")
    ] = 20260101,
    clean: Annotated[
        bool, typer.Option("--clean", help="Without the usual sprinkle of bad lines.")
    ] = False,
) -> None:
    """Make a believable partner programme in an empty landing folder, to try things on.

    What is true of it (who is good, who leaves, what the experiment really does) is written
    beside the folder, for tests to compare with.
    """
    from orchestration.sample import generate

    settings = settings_of(landing=landing)
    if settings.landing.exists() and any(settings.landing.iterdir()):
        err.print(
            f"[red]{settings.landing} is not empty.[/red] Name another folder with --landing."
        )
        raise typer.Exit(WRONG_USE)
    made = generate(
        settings.landing,
        partners=partners,
        weeks=weeks,
        activities=activities,
        seed=seed,
        dirty=not clean,
        progress=lambda line: err.print(line, style="dim", markup=False),
    )
    out.print(f"{made.files} files with {sum(made.rows.values()):,} rows in {settings.landing}")


@app.command()
def status(warehouse: Warehouse = None) -> None:
    """What is served, whether a run is under way, and which files need a hand."""
    from orchestration import landing as stage
    from orchestration import publishing
    from orchestration.locking import holder

    settings = settings_of(warehouse=warehouse)
    served = publishing.current(settings)
    if served:
        out.print(f"serving release {served.id}: {served.partners} partners as of {served.as_of}")
        out.print(f"  {served.database}")
    else:
        out.print("no release yet: `partner-scoring run` makes the first one")
    busy = holder(settings)
    if busy is not None:
        out.print(
            f"a run is under way: {busy.get('purpose', 'just started')} "
            f"(process {busy.get('pid', '?')})"
        )
        return
    if settings.working_database.exists():
        with _errors_in_words():
            for each in stage.unresolved_quarantines(settings):
                out.print(f"quarantined {each.path}: {each.reason}. {each.remedy}", markup=False)


@app.command()
def releases(warehouse: Warehouse = None) -> None:
    """Every release that is kept; the served one is marked."""
    from orchestration import publishing

    table = Table("", Column("release", no_wrap=True), "as of", "partners", "published (UTC)")
    for each in publishing.releases(settings_of(warehouse=warehouse)):
        table.add_row(
            "served" if each.is_current else "",
            each.id,
            str(each.as_of),
            str(each.partners),
            f"{each.published_at:%Y-%m-%d %H:%M}",
        )
    out.print(table)


@app.command()
def rollback(
    release: Annotated[
        str | None, typer.Argument(help="Release to serve (default: the one served before).")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept beside the releases.")] = "no reason given",
    warehouse: Warehouse = None,
) -> None:
    """Serve an earlier release, after its files are verified. Nothing is deleted.

    It does not wait for a run that is under way, and a run does not publish the same again.
    """
    from orchestration import publishing

    settings = settings_of(warehouse=warehouse)
    with _errors_in_words():
        served = publishing.rollback(settings, release, reason=reason)
    out.print(f"serving release {served.id} as of {served.as_of}")


@app.command()
def query(
    sql: Annotated[
        str, typer.Argument(help="SQL over the release; its tables are in the schema marts.")
    ],
    warehouse: Warehouse = None,
    release: Annotated[
        str | None, typer.Option(help="Release to ask (default: the served one).")
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Comma-separated, for another program.")
    ] = False,
) -> None:
    """Ask the served release, read-only: it can neither be changed nor used to read other files.

    Try: partner-scoring query "select cell, count(*) from marts.partner_scorecards group by cell"
    """
    import csv

    from orchestration import publishing

    with _errors_in_words():
        columns, rows = publishing.query(settings_of(warehouse=warehouse), sql, release_id=release)
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows(rows)
        return
    table = Table(*(escape(column) for column in columns))
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    out.print(table)
    out.print(f"[dim]{len(rows)} rows[/dim]")


@app.command()
def evaluate(
    landing: Landing = None,
    warehouse: Warehouse = None,
    output: Annotated[
        Path | None,
        typer.Option(help="The page to write (default: evaluation.html in the warehouse folder)."),
    ] = None,
    day: Annotated[
        list[int] | None,
        typer.Option(help="Days after the contract that are judged (default: 30, 60 and 90)."),
    ] = None,
    active_from: Annotated[int, typer.Option(help="First day of the window to be active in.")] = 91,
    active_until: Annotated[int, typer.Option(help="Last day of that window.")] = 180,
    active_by: Annotated[
        list[str] | None,
        typer.Option(help="Activity type that makes active (default: all that policy counts)."),
    ] = None,
    revenue_days: Annotated[int, typer.Option(min=1, help="Days of revenue foretold.")] = 180,
    train_from: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    train_until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    test_until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Contract dates that train, and that test (default: the earlier 65% train).",
        ),
    ] = None,
) -> None:
    """Hold the scores against what happened: a page with tables and plots. Takes a few minutes.

    Scores, weights fitted to the outcome, machine learning on the same metrics, and ranks that
    anybody has without a score. A landing folder that was never run is run first.
    """
    from orchestration.evaluation import Design, write_report

    def on(moment: datetime | None) -> Any:
        return moment.date() if moment else None

    settings = settings_of(landing=landing, warehouse=warehouse)
    design = Design(
        horizons=tuple(sorted(day or (30, 60, 90))),
        active_days=(active_from, active_until),
        revenue_days=revenue_days,
        active_by=tuple(active_by or ()),
        train_from=on(train_from),
        train_until=on(train_until),
        test_until=on(test_until),
    )
    with _errors_in_words():
        _need_warehouse(settings)
        target = (output or settings.warehouse / "evaluation.html").absolute()
        for line in write_report(settings, design, target, _telling()):
            out.print(line, markup=False, soft_wrap=True)
    out.print(f"\n{target}", soft_wrap=True)


@app.command("propose-weights")
def propose_weights(
    warehouse: Warehouse = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Folder for the draft (default: proposals in the warehouse folder)."),
    ] = None,
) -> None:
    """Fit weights to what happened and write them as a draft version for people to review.

    Policy is never changed. Refused (exit code 3) under 300 partners with a known outcome, or where
    the gain on later weeks may be chance.
    """
    from orchestration.evaluation import Refused, propose, write_draft

    settings = settings_of(warehouse=warehouse)
    with _errors_in_words():
        _need_warehouse(settings)
        try:
            draft = propose(settings, _telling())
        except Refused as refused:
            err.print(str(refused), style="red", markup=False, soft_wrap=True)
            raise typer.Exit(BLOCKED) from None
        folder = write_draft(draft, (output or settings.warehouse / "proposals").absolute())
    for outcome, gain in draft.gains.items():
        out.print(f"{outcome}: {gain.measure} on later weeks {gain.gain} higher", soft_wrap=True)
    for outcome, why in draft.refused.items():
        out.print(f"{outcome}: not proposed; {why}", markup=False, soft_wrap=True)
    out.print(f"\nversion {draft.version} as a draft, with its evidence: {folder}", soft_wrap=True)


@app.command()
def ui(
    landing: Landing = None,
    warehouse: Warehouse = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Open Dagster on this machine: runs, assets, checks, lineage, schedules and the sensor."""
    from orchestration.preparation import prepare

    settings = settings_of(landing=landing, warehouse=warehouse)
    with _errors_in_words():
        prepare(settings)
    dagster = Path(sys.executable).with_name("dagster")
    words = [
        "dev",
        "-m",
        "orchestration.definitions",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-d",
        str(PROJECT_DIR),
    ]
    out.print(f"Dagster at http://127.0.0.1:{port} (stop it with Ctrl-C)")
    os.execv(dagster, [str(dagster), *words])


def _telling() -> Callable[[str], None]:
    """Prints what a long command is at, with the seconds since it began."""
    started = datetime.now()

    def tell(line: str) -> None:
        err.print(f"[dim]{(datetime.now() - started).total_seconds():6.1f}s[/dim]  {escape(line)}")

    return tell


def _need_warehouse(settings: Settings) -> None:
    """Scores to work on: from the last run, or from a first one."""
    if settings.working_database.exists():
        return
    _need_landing(settings)
    from orchestration import pipeline

    try:
        pipeline.run(settings, _telling())
    except pipeline.RunFailed as failed:
        from orchestration.summary import failure

        failure(err, settings, failed)
        raise typer.Exit(BLOCKED if failed.blocking else FAILED) from None


def _need_landing(settings: Settings) -> None:
    if not settings.landing.is_dir():
        err.print(
            f"[red]There is no landing folder {settings.landing}.[/red] Name one with --landing, "
            "or make a sample programme with `partner-scoring sample`."
        )
        raise typer.Exit(2)


class _errors_in_words:
    """Expected errors as one line in words and an exit code, not as a traceback."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> None:
        import duckdb

        from orchestration.contracts import ContractError
        from orchestration.lake import LakeError
        from orchestration.locking import Busy
        from orchestration.preparation import PreparationError
        from orchestration.publishing import PublishError

        if isinstance(error, Busy):
            err.print(f"[red]{error}[/red]", markup=True)
            raise typer.Exit(BUSY) from None
        expected = (
            ContractError,
            LakeError,
            PreparationError,
            PublishError,
            duckdb.Error,
            LookupError,
            OSError,
            ValueError,
        )
        if isinstance(error, expected):
            err.print(str(error), style="red", markup=False)
            raise typer.Exit(FAILED) from None


if __name__ == "__main__":
    app()
