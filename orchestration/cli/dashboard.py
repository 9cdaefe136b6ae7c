"""The command that opens the dashboard over the served release."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.shared import (
    FAILED,
    WRONG_USE,
    Warehouse,
    app,
    err,
    errors_in_words,
    out,
    settings_of,
)

HOW_TO_INSTALL = "`uv sync --group dashboard`, or `pip install --group dashboard` with pip 25.1"


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8050,
    copy: Annotated[
        Path | None,
        typer.Option(
            help="A copy of a release instead of the warehouse: the file of "
            "`partner-scoring export --format duckdb`.",
        ),
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Look at the served release in a browser of this machine, until interrupted.

    It reads the release and nothing else, and a new release shows when a page opens anew.
    """
    from orchestration import publishing

    settings = settings_of(warehouse=warehouse)
    if copy is not None:
        _assert_copy(copy)
    elif publishing.current_id(settings) is None:
        err.print("There is no release to look at: `partner-scoring run` makes the first one.")
        raise typer.Exit(FAILED)
    try:
        from dashboard import server
    except ModuleNotFoundError as missing:
        err.print(
            f"The dashboard needs the group `dashboard` ({missing.name} is missing): "
            f"{HOW_TO_INSTALL}.",
            markup=False,
        )
        raise typer.Exit(WRONG_USE) from None
    try:
        with errors_in_words():
            server.serve(settings, port, lambda address: out.print(f"dashboard at {address}"), copy)
    except KeyboardInterrupt:
        out.print("closed")


def _assert_copy(copy: Path) -> None:
    """End in words unless the file is a copy that the pages can be drawn from."""
    import duckdb

    from orchestration import publishing

    held: set[str] = set()
    if copy.is_file():
        with suppress(duckdb.Error), publishing.connect_hardened(copy) as connection:
            found = connection.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
            )
            held = {name for (name,) in found.fetchall()}
    if not {"release.about", "marts.partner_scorecards"} <= held:
        err.print(
            f"{copy} is no copy of a release with partners in it: "
            "`partner-scoring export --format duckdb --audience programme --to FOLDER` "
            "writes FOLDER/partner_scoring.duckdb.",
            markup=False,
        )
        raise typer.Exit(FAILED)
