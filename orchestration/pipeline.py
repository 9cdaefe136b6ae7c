"""One whole run, from the landing folder to a release, as the command line starts it.

Takes the lock, sees whether there is anything to do, runs Dagster's job in this process and says
how it ended. What a stage does is not known here.
"""

import csv
import logging
import re
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from orchestration import build_failures, landing, policy_check, publishing, quality
from orchestration.contracts import load_contracts
from orchestration.database import connect
from orchestration.locking import single_writer
from orchestration.preparation import prepare
from orchestration.run_facts import fingerprint_of, ledger_inputs
from orchestration.settings import PROJECT_DIR, Settings

Tell = Callable[[str], None]
OUR_ERRORS = re.compile(r"^orchestration[.\w]*: ")
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Outcome:
    """How a run ended well. `is_new` is False when `release` had been made from the same before."""

    release: publishing.Release
    is_new: bool


@dataclass
class RunFailed(RuntimeError):
    """The run ended without a release; the one that was served before still is."""

    message: str
    blocking: list[quality.CheckResult] = field(default_factory=list)
    log: str = ""

    def __str__(self) -> str:
        return self.message


def up_to_date(settings: Settings) -> publishing.Release | None:
    """The release that was made from what a run would start from now, if there is one.

    It need not be the one that is served: after a rollback, the same inputs do not publish again
    what somebody has just taken back.
    """
    if settings.full_refresh or landing.pending(settings):
        return None
    inputs = ledger_inputs(settings)
    return publishing.made_from(settings, fingerprint_of(settings, inputs)) if inputs else None


def nothing_to_do(settings: Settings) -> publishing.Release | None:
    """The release that leaves a run nothing to do: made from the same, and served or taken back."""
    made = up_to_date(settings)
    if made and (made.is_current or publishing.taken_back(settings, made.id)):
        return made
    return None


def run(settings: Settings, tell: Tell = lambda _line: None) -> Outcome:
    """Land, build, check and publish. Raises Busy, PreparationError or RunFailed."""
    with single_writer(settings, "partner-scoring run"):
        made = up_to_date(settings)
        if made:
            if not made.is_current and not publishing.taken_back(settings, made.id):
                # Another run (of another day, say) was published since, or the pointer was lost.
                reason = "a run that starts from the same"
                made = publishing.serve(settings, made.id, action="serve", reason=reason)
            if publishing.current(settings) is None:
                raise RunFailed(
                    f"no release is served, and {made.id}, made from the same, was taken back. "
                    "`partner-scoring releases` lists the others, `rollback RELEASE` serves one."
                )
            return Outcome(made, is_new=False)
        _check_currency(settings)
        sealed = policy_check.check(run_id="before the run")
        if sealed.blocks:
            raise RunFailed("policy is not as it was approved", [sealed])
        _check_arrivals(settings)
        tell("reading the project")
        prepare(settings)
        tell("starting the run")
        return Outcome(_execute(settings, tell), is_new=True)


def _execute(settings: Settings, tell: Tell) -> publishing.Release:
    import dagster as dg

    from orchestration.definitions import definitions, resources_of
    from orchestration.progress import LISTENER

    LISTENER.handlers[:] = [_Teller(tell)]
    LISTENER.setLevel(logging.INFO)
    LISTENER.propagate = False
    started = time.time()
    log = _log_of(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    # dbt's own output is for the log; people get progress.
    with log.open("w", encoding="utf-8") as file, redirect_stdout(file):
        result = definitions.resolve_job_def("score_partners").execute_in_process(
            instance=dg.DagsterInstance.get(),
            # The lock is this process's already.
            resources={**resources_of(settings), "writable": settings},
            run_config={"loggers": {"progress": {}}},
            raise_on_error=False,
        )
        for event in result.all_events:
            if event.is_failure and event.message:
                file.write(event.message + "\n")
    if not result.success:
        raise _failure(settings, result, started)
    served = publishing.current(settings)
    assert served is not None
    return served


def _check_currency(settings: Settings) -> None:
    rates = PROJECT_DIR / "seeds" / "policy" / "exchange_rates.csv"
    with rates.open(encoding="utf-8", newline="") as file:
        known = sorted({row["currency"] for row in csv.DictReader(file)})
    if settings.reporting_currency not in known:
        raise ValueError(
            f"There are no exchange rates for {settings.reporting_currency}. Choose one of "
            f"{', '.join(known)}, or add its rates to seeds/policy/exchange_rates.csv."
        )


def _check_arrivals(settings: Settings) -> None:
    """Refuse what could not become a score, before minutes are spent to find that out."""
    contracts = load_contracts()
    arrived = landing.arrived(settings)
    astray = [path for name, paths in arrived.items() if name not in contracts for path in paths]
    others = (
        f" {len(astray)} files lie where nothing is read, such as {sorted(astray)[0]}: the folders "
        f"are <source>/<entity>/, as docs/landing-contract.md says."
        if astray
        else ""
    )
    for contract in contracts.values():
        if contract.required and contract.name not in arrived:
            columns = ", ".join(column.name for column in contract.columns if column.required)
            raise RunFailed(
                f"nothing has arrived for {contract.name}, and nothing can be scored without it. "
                f"Put a file (CSV, JSON lines or Parquet) with the columns {columns} into "
                f"{settings.landing / contract.source / contract.entity}, or name another folder "
                f"with --landing.{others}"
            )
    if all(contracts[name].required for name in arrived if name in contracts):
        raise RunFailed(
            f"only {', '.join(name for name in arrived if name in contracts)} has arrived: nothing "
            "says what partners did and when, so there is no week to score. Add files of one more "
            f"entity at least, such as {settings.landing / 'crm' / 'activities'} or "
            f"{settings.landing / 'finance' / 'bookings'} (docs/catalogue/sources.md has all of "
            f"them, with their columns).{others}"
        )


def _failure(settings: Settings, result: "dg.ExecuteInProcessResult", since: float) -> RunFailed:  # type: ignore[name-defined]  # noqa: F821
    log = str(_log_of(settings))
    if _was_interrupted(result):
        # Its dbt may not have ended yet, and what it built is of no use: nothing is read.
        return RunFailed("the run was interrupted. The same command begins it again.", [], log)
    with connect(settings) as connection:
        quality.ensure_tables(connection)
        results = quality.read_results(connection, result.run_id)
    blocking = quality.blocking_failures(results)
    blocking += build_failures.broken_rules(settings, result.run_id, since)
    reasons = build_failures.unbuilt(settings, since)
    if blocking and not reasons:
        return RunFailed("checks do not let this run publish", blocking, log)
    if not reasons:
        reasons = [
            f"{event.step_key}: {_in_words((error.cause or error).message)}"
            for event in result.all_events
            if event.is_step_failure
            and (error := getattr(event.event_specific_data, "error", None)) is not None
        ]
    return RunFailed("\n".join(reasons) or "the run failed", [], log)


def _was_interrupted(result: "dg.ExecuteInProcessResult") -> bool:  # type: ignore[name-defined]  # noqa: F821
    """Whether somebody ended the run: Ctrl-C, or a signal to end."""
    return any(
        event.is_failure and "interrupted" in (event.message or "") for event in result.all_events
    )


def _in_words(message: str) -> str:
    """A message of Dagster without colours, and without the class of an error of ours."""
    return OUR_ERRORS.sub("", ANSI.sub("", message)).strip()


def _log_of(settings: Settings) -> Path:
    return settings.warehouse / "logs" / "last_run.log"


class _Teller(logging.Handler):
    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(record.getMessage())
