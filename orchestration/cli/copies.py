"""Commands that hand the served release on: scorecards for partners, files, and PostgreSQL."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.shared import (
    WRONG_USE,
    Warehouse,
    app,
    err,
    errors_in_words,
    out,
    settings_of,
    telling,
)

DSN = "PARTNER_SCORING_POSTGRES"
Audience = Annotated[
    str | None,
    typer.Option("--audience", help="Only what these may see: partner, programme or governance."),
]


@app.command()
def export(
    to: Annotated[Path, typer.Option("--to", help="Folder to write; replaces an earlier export.")],
    format_name: Annotated[
        str,
        typer.Option("--format", help="parquet, csv, xlsx (one workbook) or duckdb (one file)."),
    ] = "parquet",
    marts: Annotated[
        list[str] | None,
        typer.Option(help="Mart to write (default: all). Repeat it, or separate by commas."),
    ] = None,
    audience: Audience = None,
    release: Annotated[
        str | None, typer.Option(help="Release to export (default: the served one).")
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Copy the release to files for other tools: Parquet, CSV, Excel or DuckDB.

    The folder is there whole or not at all. Texts that a spreadsheet would run as a formula are
    disarmed.
    """
    from orchestration import audiences, exports, publishing

    if format_name not in exports.FORMATS:
        err.print(f"--format is one of {', '.join(exports.FORMATS)}.", style="red")
        raise typer.Exit(WRONG_USE)
    settings = settings_of(warehouse=warehouse)
    chosen = [name for each in marts or () for name in each.replace(",", " ").split()]
    with errors_in_words():
        found = publishing.find(settings, release)
        if audience:
            manifest = publishing.read_manifest(found.path)
            chosen = audiences.marts_for(manifest, audience, chosen)
        with publishing.open_release(settings, found.id) as connection:
            done = exports.export(connection, found.path, format_name, to, chosen, telling())
    rows = sum(mart.rows for mart in done.marts)
    out.print(f"{len(done.marts)} marts with {rows:,} rows of release {done.release_id}")
    out.print(f"{done.folder}", soft_wrap=True)


@app.command()
def scorecards(
    partner: Annotated[
        list[str] | None,
        typer.Option(help="Partner to tell of (default: all). Repeat it."),
    ] = None,
    format_name: Annotated[str, typer.Option("--format", help="html, pdf or both.")] = "both",
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Folder (default: scorecards in the warehouse folder)."),
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="Release to tell of (default: the served one).")
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Write scorecards for partners: what each may see of itself, as a page and a PDF.

    Goes on where it was stopped. The folder of the release appears when all cards are there.
    """
    from orchestration import publishing
    from orchestration import scorecards as stage

    if format_name not in stage.FORMATS:
        err.print(f"--format is one of {', '.join(stage.FORMATS)}.", style="red")
        raise typer.Exit(WRONG_USE)
    settings = settings_of(warehouse=warehouse)
    target = to or settings.warehouse / "scorecards"
    with errors_in_words():
        found = publishing.find(settings, release)
        asked = publishing.read_manifest(found.path)["run"]["asked"]
        with publishing.open_release(settings, found.id) as connection:
            done = stage.write_scorecards(
                stage.Reader(connection), target, partner or (), format_name,
                asked.get("reporting_currency") or settings.reporting_currency, telling(),
            )  # fmt: skip
    each = f", {done.seconds / done.fresh:.2f} s each" if done.fresh else ""
    out.print(f"{done.cards} scorecards, {done.fresh} of them written now{each}")
    out.print(f"{done.folder}", soft_wrap=True)


@app.command("publish-postgres")
def publish_postgres(
    dsn: Annotated[
        str,
        typer.Option(
            envvar=DSN,
            help="Address as libpq takes it (postgresql://user@host/database). Leave the password "
            "to ~/.pgpass or PGPASSWORD: other users see command lines.",
        ),
    ],
    schema: Annotated[str, typer.Option(help="Schema to replace as a whole.")] = "partner_scoring",
    audience: Audience = None,
    release: Annotated[
        str | None, typer.Option(help="Release to publish (default: the served one).")
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Make a schema of PostgreSQL hold the release: whole or not at all, while it is being read.

    Keys, comments and the rights of readers are kept. The same release again is nothing to do.
    """
    from orchestration import audiences, exports, publishing

    settings = settings_of(warehouse=warehouse)
    with errors_in_words():
        found = publishing.find(settings, release)
        manifest = publishing.read_manifest(found.path)
        chosen = audiences.marts_for(manifest, audience) if audience else []
        with publishing.open_release(settings, found.id) as connection:
            done = exports.publish_postgres(connection, manifest, dsn, schema, chosen, telling())
    if not done.is_new:
        out.print(f"{done.schema} holds release {done.release_id} already: nothing to do")
        return
    out.print(
        f"{done.schema} holds release {done.release_id}: {done.marts} marts with {done.rows:,} rows"
    )
    if done.former_stays:
        out.print(
            f"{done.schema}__former is still being read; the next publishing removes it",
            soft_wrap=True,
        )
