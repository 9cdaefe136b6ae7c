"""Commands that make something: a sample, a landing, a run; and the window to watch it."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.shared import (
    BLOCKED,
    FAILED,
    WRONG_USE,
    Landing,
    Warehouse,
    app,
    err,
    errors_in_words,
    need_landing,
    out,
    settings_of,
    telling,
)
from orchestration.settings import PROJECT_DIR


@app.command()
def run(
    landing: Landing = None,
    warehouse: Warehouse = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Last day to score (default: last complete week in the data).",
        ),
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d"],
            metavar="TIME",
            help="Use only what had landed by then (UTC), YYYY-MM-DD[THH:MM:SS] "
            "(default: everything).",
        ),
    ] = None,
    reporting_currency: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Currency of every published amount (default: EUR)."),
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
    need_landing(settings)
    with errors_in_words():
        try:
            outcome = pipeline.run(settings, telling())
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
    need_landing(settings)
    with errors_in_words(), single_writer(settings, "partner-scoring land"):
        report = stage.land(
            settings, progress=lambda line: err.print(line, style="dim", markup=False)
        )
        written = parquet.write(settings, lake) if lake else None
        rejects = stage.first_rejects(settings, report.files)
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
        if each.path in rejects:
            line, reason = rejects[each.path]
            out.print(
                f"rejected {each.lines_rejected} lines of {each.path}; the first is line {line}: "
                f"{reason}",
                markup=False,
            )
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
    """Go on without a quarantined or empty file: it no longer forbids a release."""
    from orchestration import landing as stage
    from orchestration.locking import single_writer

    settings = settings_of(warehouse=warehouse)
    with errors_in_words(), single_writer(settings, "partner-scoring dismiss"):
        dismissed = stage.dismiss(settings, int(file) if file.isdigit() else file, reason)
    out.print(f"dismissed {getattr(dismissed, 'path', file)}")


@app.command()
def erase(
    values: Annotated[
        typer.FileText,
        typer.Option(
            help="File with the person's e-mail addresses and identifiers, one a line; - reads "
            "them from standard input, so that no file and no history of commands keeps them."
        ),
    ],
    reason: Annotated[str, typer.Option(help="Why, without naming anybody; kept in the ledger.")],
    landing: Landing = None,
    warehouse: Warehouse = None,
    lake: Annotated[
        str | None,
        typer.Option(help="Lake that `partner-scoring land` writes to (default: the warehouse's)."),
    ] = None,
    empty_unreadable: Annotated[
        bool,
        typer.Option(
            "--empty-unreadable",
            help="Empty damaged files that never landed: who is in them cannot be seen.",
        ),
    ] = False,
) -> None:
    """Erase a person from the archive, the landing folder, rejected lines, raw tables and the lake.

    Random tokens take the places of the values, so that people are still told apart and no score
    moves. The next run builds everything anew.
    """
    from orchestration import builds
    from orchestration import lake as parquet
    from orchestration.landing import erasing
    from orchestration.locking import single_writer

    settings = settings_of(landing=landing, warehouse=warehouse)
    need_landing(settings)  # a copy of the person must not stay in a folder that was not named
    with errors_in_words(), single_writer(settings, "partner-scoring erase"):
        given = erasing.read_values(values.read(), values.name)
        builds.remember(settings, None)
        report = erasing.erase(
            settings, given, reason, telling(), empty_unreadable=empty_unreadable
        )
        parquet.follow(settings, erasing.to_follow(settings), lake)
        if report.is_whole:
            erasing.complete(settings)
    if report.files:
        out.print(
            f"{len(given) - len(report.missing)} of {len(given)} values erased from "
            f"{len(report.files)} files and {report.cells} cells of raw rows"
        )
    else:
        out.print("None of these values is in any file; what an earlier call left over is done")
    out.print(f"{report.replaced} files of the landing folder have the new bytes")
    for path in report.emptied:
        out.print(f"emptied, as it cannot be read and never landed: {path}", markup=False)
    for number, value in enumerate(given, start=1):
        if value in report.missing or value.lower() in report.missing:
            out.print(f"the value {number} of {len(given)} was found nowhere")
    for name in sorted(report.open_columns):
        out.print(
            f"{name} held an e-mail address and is not declared as personal data: releases made "
            "before may show it. Name its class in the contract, and remove those releases.",
            soft_wrap=True,
        )
    for path in report.unknown:
        out.print(f"not searched, as it has not landed: {path}", markup=False)
    for problem in (*report.unreadable, *report.not_replaced):
        err.print(f"still as it was: {problem}", style="red", markup=False)
    if not report.is_whole:
        err.print(
            "Make them readable or writable again, or empty damaged ones that never landed "
            "(--empty-unreadable), and run the same command again.",
            style="red",
        )
        raise typer.Exit(FAILED)
    out.print("Next: `partner-scoring run` builds anew and publishes.")


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
    rows = sum(made.rows.values())
    out.print(f"{len(made.files)} files with {rows:,} rows in {settings.landing}")


@app.command()
def ui(
    landing: Landing = None,
    warehouse: Warehouse = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Open Dagster on this machine: runs, assets, checks, lineage, schedules and the sensor."""
    from orchestration.preparation import prepare

    settings = settings_of(landing=landing, warehouse=warehouse)
    with errors_in_words():
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
