"""The command that opens the dashboard over the served release."""

from typing import Annotated

import typer

from orchestration.cli.shared import FAILED, WRONG_USE, Warehouse, app, err, out, settings_of

HOW_TO_INSTALL = "`uv sync --group dashboard`, or `pip install --group dashboard` with pip 25.1"


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8050,
    warehouse: Warehouse = None,
) -> None:
    """Look at the served release in a browser of this machine, until interrupted.

    It reads the release and nothing else, and a new release shows when a page opens anew.
    """
    from orchestration import publishing

    settings = settings_of(warehouse=warehouse)
    if publishing.current_id(settings) is None:
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
        server.serve(settings, port, lambda address: out.print(f"dashboard at {address}"))
    except KeyboardInterrupt:
        out.print("closed")
