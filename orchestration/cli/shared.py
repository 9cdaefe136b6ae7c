"""What all commands share: the application, its options, exit codes, and how errors are told."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from orchestration.settings import Settings

PREFIX = Settings.model_config["env_prefix"]
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
    typer.Option("--landing", help="Folder that files arrive in, <source>/<entity>/<file> each."),
]
Warehouse = Annotated[
    Path | None,
    typer.Option("--warehouse", help="Folder that a run writes to: database, archive, releases."),
]


def settings_of(**given: Any) -> Settings:
    """Settings from the environment, with what was given on the command line on top."""
    given = {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        for each in error.errors():
            name = "_".join(str(part) for part in each["loc"])
            option = f"--{name.replace('_', '-')}" if name in given else f"{PREFIX}{name.upper()}"
            said = each["msg"]
            if each["type"] == "string_pattern_mismatch":
                said = f"write it as {Settings.model_fields[name].default}"
            err.print(f"{option}: {said} (given: {each['input']})", style="red", markup=False)
        raise typer.Exit(WRONG_USE) from None
    for option, folder in (("landing", settings.landing), ("warehouse", settings.warehouse)):
        if folder.exists() and not folder.is_dir():
            err.print(f"--{option}: {folder} is a file; name a folder.", style="red")
            raise typer.Exit(WRONG_USE)
    return settings


def telling() -> Callable[[str], None]:
    """Prints what a long command is at, with the seconds since it began."""
    started = datetime.now()

    def tell(line: str) -> None:
        err.print(f"[dim]{(datetime.now() - started).total_seconds():6.1f}s[/dim]  {escape(line)}")

    return tell


def need_warehouse(settings: Settings) -> None:
    """Scores to work on: from the last run, or from a first one."""
    if settings.working_database.exists():
        return
    need_landing(settings)
    from orchestration import pipeline

    err.print(f"No run has been in {settings.warehouse} yet: one comes first.", soft_wrap=True)
    try:
        pipeline.run(settings, telling())
    except pipeline.RunFailed as failed:
        from orchestration.summary import failure

        failure(err, settings, failed)
        raise typer.Exit(BLOCKED if failed.blocking else FAILED) from None


def need_landing(settings: Settings) -> None:
    if not settings.landing.is_dir():
        err.print(
            f"[red]There is no landing folder {settings.landing}.[/red] Name one with --landing, "
            "or make a sample programme with `partner-scoring sample`."
        )
        raise typer.Exit(2)


class errors_in_words:
    """Expected errors as one line in words and an exit code, not as a traceback."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> None:
        import duckdb

        from orchestration.contracts import ContractError
        from orchestration.exports import ExportError
        from orchestration.lake import LakeError
        from orchestration.landing import EraseError
        from orchestration.locking import Busy
        from orchestration.preparation import PreparationError
        from orchestration.publishing import PublishError
        from orchestration.scorecards import ScorecardError

        if isinstance(error, Busy):
            err.print(f"[red]{error}[/red]", markup=True)
            raise typer.Exit(BUSY) from None
        if isinstance(error, duckdb.IOException) and "Could not set lock on file" in str(error):
            # Commands that only read the database need no lock of ours, and meet the one of DuckDB.
            err.print(
                "A run that is under way holds the database of the warehouse; `partner-scoring "
                "status` names it. Wait until it ends, and run this again.",
                style="red",
            )
            raise typer.Exit(BUSY) from None
        expected = (
            ContractError,
            EraseError,
            ExportError,
            LakeError,
            PreparationError,
            PublishError,
            ScorecardError,
            duckdb.Error,
            LookupError,
            OSError,
            ValueError,
        )
        if isinstance(error, expected):
            err.print(str(error), style="red", markup=False)
            raise typer.Exit(FAILED) from None
