"""Commands about releases: what is served, what was, what may go, and what one says."""

import sys
from typing import Annotated

import typer
from rich.table import Column, Table

from orchestration.cli import tables
from orchestration.cli.shared import (
    WRONG_USE,
    Warehouse,
    app,
    err,
    errors_in_words,
    out,
    settings_of,
)


@app.command()
def status(warehouse: Warehouse = None) -> None:
    """What is served, whether a run is under way, and which files need a hand."""
    from orchestration import landing as stage
    from orchestration import publishing
    from orchestration.locking import holder

    settings = settings_of(warehouse=warehouse)
    with errors_in_words():
        served = publishing.current(settings)
    if served:
        out.print(f"serving release {served.id}: {served.partners} partners as of {served.as_of}")
        out.print(f"  {served.database}")
    else:
        out.print(
            f"no release yet in {settings.warehouse}: `partner-scoring run` makes the first one",
            soft_wrap=True,
        )
    busy = holder(settings)
    if busy is not None:
        out.print(
            f"a run is under way: {busy.get('purpose', 'just started')} "
            f"(process {busy.get('pid', '?')})"
        )
        return
    with errors_in_words():
        for each in stage.unresolved_quarantines(settings):
            out.print(f"quarantined {each.path}: {each.reason}. {each.remedy}", markup=False)


@app.command()
def releases(warehouse: Warehouse = None) -> None:
    """Every release that is kept; the served one is marked."""
    from orchestration import publishing

    settings = settings_of(warehouse=warehouse)
    with errors_in_words():
        kept = publishing.releases(settings)
    if not kept:
        out.print(
            f"no release in {settings.warehouse} yet: `partner-scoring run` makes the first one",
            soft_wrap=True,
        )
        return
    table = Table("", Column("release", no_wrap=True), "as of", "partners", "published (UTC)")
    for each in kept:
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
    with errors_in_words():
        served = publishing.rollback(settings, release, reason=reason)
    out.print(f"serving release {served.id} as of {served.as_of}")


@app.command()
def prune(
    keep: Annotated[int, typer.Option(min=1, help="Number of newest releases that stay.")] = 10,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")
    ] = False,
    warehouse: Warehouse = None,
) -> None:
    """Remove old releases. What is gone can be neither served nor made again by `reproduce`.

    Besides the newest, these stay: the served one, the one that a rollback would go to, and those
    that were rolled back from since.
    """
    from orchestration import publishing
    from orchestration.locking import single_writer

    settings = settings_of(warehouse=warehouse)
    with errors_in_words():
        publishing.find(settings)  # a folder without releases is left as it is
        if dry_run:
            gone = publishing.removable(settings, keep)
        else:
            with single_writer(settings, "partner-scoring prune"):
                gone = publishing.prune(settings, keep)
        kept = len(publishing.releases(settings)) - dry_run * len(gone)
    for release_id, size in gone.items():
        out.print(f"{'would remove' if dry_run else 'removed'} {release_id} ({size / 1e6:,.0f} MB)")
    went = f"{len(gone)} release{'s' if len(gone) > 1 else ''}"
    freed = f"{sum(gone.values()) / 1e6:,.0f} MB"
    if not gone:
        out.print(f"nothing to remove ({kept} kept)")
    elif dry_run:
        out.print(f"{went} would go and {freed} come free ({kept} kept)")
    else:
        out.print(f"{went} removed, {freed} came free ({kept} kept)")


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

    "show tables" lists what there is to ask, "describe partner_scorecards" the columns of one.
    """
    import csv

    from orchestration import publishing

    with errors_in_words():
        columns, rows = publishing.query(settings_of(warehouse=warehouse), sql, release_id=release)
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows(rows)
        return
    tables.show(columns, rows, width=out.width if sys.stdout.isatty() else None)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def metrics(
    context: typer.Context,
    warehouse: Warehouse = None,
    release: Annotated[
        str | None, typer.Option(help="Release to ask (default: the served one).")
    ] = None,
) -> None:
    """Ask the served release for metrics by name: what follows goes to MetricFlow's `mf`.

    Try: partner-scoring metrics query --metrics published_partners --group-by partner__segment
    """
    from orchestration import semantics

    words = context.args or ["list", "metrics"]
    settings = settings_of(warehouse=warehouse)
    with errors_in_words():
        wrong = semantics.unknown_names(settings, words, release)
        for each in wrong:
            err.print(each, style="red", soft_wrap=True, markup=False)
        if wrong:
            raise typer.Exit(WRONG_USE)
        done = semantics.ask(settings, words, release)
    raise typer.Exit(done.returncode)
