"""Commands of governance: a release made again, policy sealed, reviews that are due."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.shared import (
    BLOCKED,
    FAILED,
    WRONG_USE,
    Warehouse,
    app,
    err,
    errors_in_words,
    out,
    settings_of,
    telling,
)


@app.command()
def reproduce(
    release: Annotated[
        str | None, typer.Argument(help="Release to make again (default: the served one).")
    ] = None,
    last: Annotated[
        int | None, typer.Option(min=1, help="Instead of one: the newest so many releases.")
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Make a release again from its manifest, by the code of then, and compare every mart.

    Works in a temporary warehouse: what is served and what a run builds on stays as it is. Ends
    with 0 when all is equal, 3 when something differs, 1 when it cannot be made again.
    """
    from orchestration import publishing, reproduction

    if release and last:
        err.print("Name a release or --last, not both.", style="red")
        raise typer.Exit(WRONG_USE)
    settings = settings_of(warehouse=warehouse)
    worst = 0
    with errors_in_words():
        chosen = [publishing.find(settings, release)] if not last else []
        for each in chosen or publishing.releases(settings)[-(last or 1) :]:
            try:
                made = reproduction.reproduce(settings, each.id, telling())
            except reproduction.NotReproducible as error:
                err.print(str(error), style="red", markup=False, soft_wrap=True)
                worst = max(worst, FAILED)
                continue
            _tell(made)
            worst = worst if made.comparison.is_equal else BLOCKED
    raise typer.Exit(worst)


@app.command()
def seal(
    version: Annotated[str, typer.Argument(help="Framework version to seal.")],
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of the seal (default: today)."),
    ] = None,
) -> None:
    """Seal a framework version that has been approved, or what was decided about it since.

    It must be approved, with approvers and day, and rest on a row of decision_log.csv. Commit what
    it writes to seeds/seals together with the approval. Exit code 3: not sealed, and why.
    """
    from orchestration.governance import seals

    with errors_in_words():
        try:
            made = seals.seal(version, on.date() if on else date.today())
        except seals.SealRefused as refused:
            err.print(str(refused), style="red", markup=False, soft_wrap=True)
            raise typer.Exit(BLOCKED) from None
    out.print(
        f"seal {made['seal']} of version {made['framework_version']}: {made['rows_sealed']} rows "
        f"taken in, {made['rows_released']} let go; {made['decisions']}",
        markup=False,
        soft_wrap=True,
    )
    out.print(f"hash {made['seal_hash']}")


def _tell(made: "reproduction.Reproduction") -> None:  # type: ignore[name-defined]  # noqa: F821
    found, total = made.comparison, len(made.comparison.equal) + len(made.comparison.differing)
    scores = "equal" if found.scores_are_equal else "DIFFERENT"
    out.print(
        f"{made.release.id}: score hash {made.release.score_hash[:12]} {scores}; "
        f"{len(found.equal)} of {total} marts equal ({made.code})",
        markup=False,
        soft_wrap=True,
    )
    for name, what in found.differing.items():
        out.print(f"  marts.{name}: {what}", markup=False, soft_wrap=True)
    for name, why in found.left_out.items():
        out.print(f"  marts.{name} is not compared: {why}", markup=False, soft_wrap=True)


@app.command()
def reviews(
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day to judge by (default: today)."),
    ] = None,
) -> None:
    """Owners and reviews that are blank or expired, and those due within 30 days.

    Ends with 3 if something is blank or expired; the tests of the project fail then too.
    """
    from orchestration.governance import reviews as stage

    with errors_in_words():
        wrong, soon = stage.judge(on.date() if on else date.today())
    for each in wrong:
        out.print(f"expired: {each}", markup=False, soft_wrap=True)
    for each in soon:
        out.print(f"soon: {each}", markup=False, soft_wrap=True)
    out.print(f"{len(wrong)} blank or expired, {len(soon)} due within {stage.WARN_DAYS} days")
    if wrong:
        raise typer.Exit(BLOCKED)


@app.command()
def contracts(
    output: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("contracts"),
) -> None:
    """Write every landing contract as a document of the Open Data Contract Standard (YAML)."""
    from orchestration.contracts import load_contracts
    from orchestration.governance import odcs

    with errors_in_words():
        written = odcs.write(load_contracts(), output)
    out.print(f"{len(written)} contracts in {output}")


@app.command()
def docs(
    output: Annotated[
        Path | None,
        typer.Option(help="Folder to write to (default: docs in the warehouse folder)."),
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Write dbt's documentation, completed by where each column of a mart comes from.

    Needs a warehouse that has been run. Serve the folder, for instance with
    `python3 -m http.server --bind 127.0.0.1 --directory FOLDER`.
    """
    from orchestration import documentation
    from orchestration.locking import single_writer

    settings = settings_of(warehouse=warehouse)
    folder = (output or settings.warehouse / "docs").absolute()
    with errors_in_words(), single_writer(settings, "partner-scoring docs"):
        page = documentation.build(settings, folder)
    out.print(f"{page}", soft_wrap=True)
