"""Runs a gate: make the summaries, validate them, keep the reports, record every check.

What is checked stands in `arrival` and `release`. A check without an answer is recorded as
crashed and blocks; nothing here turns an exception into a pass.
"""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.contracts import Contract, load_contracts
from orchestration.database import connect, literal
from orchestration.quality import arrival, release
from orchestration.quality.acceptance import DAY, EPOCH
from orchestration.quality.checks import Summary
from orchestration.quality.movement import Before
from orchestration.quality.results import CheckResult, CheckSpec, Gate, record
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.quality.engine import Session

NAMED_ERRORS = ("BinderException", "CatalogException")
"""Errors whose first line names tables and columns only; other messages may quote a value."""
PREVIOUS = "previous_release"


def expected_checks(gate: Gate, contracts: Mapping[str, Contract] | None = None) -> list[CheckSpec]:
    """Every check of a gate. Pure: publishing compares the recorded results with this list."""
    return [check.spec for one in _summaries(gate, contracts) for check in one.checks]


def relations(gate: Gate, contracts: Mapping[str, Contract] | None = None) -> list[str]:
    """Every `schema.table` that a gate has checks for."""
    return [summary.relation for summary in _summaries(gate, contracts)]


def run_gate(
    settings: Settings,
    gate: Gate,
    *,
    run_id: str,
    as_of: date | None,
    relations: list[str] | None = None,
    now: datetime | None = None,
    progress: Callable[[str], None] | None = None,
    previous_release: Path | None = None,
    framework_changed: bool = False,
    contracts: Mapping[str, Contract] | None = None,
) -> list[CheckResult]:
    """Check `relations` (default: all of the gate) and record the results.

    `as_of` is the scored day that freshness counts from (default: the day of the newest event of
    any source); `previous_release` the DuckDB file of the release before; `now` the time recorded,
    which decides nothing. Raises ValueError for a relation without checks, and whatever opening
    the database raises: then nothing is recorded, and missing checks block.
    """
    from orchestration.quality.engine import session

    known = contracts if contracts is not None else load_contracts()
    announced = _summaries(gate, known)
    wanted = _wanted(announced, relations)
    checked_at = _utc(now or datetime.now(UTC))
    known_at = _utc(settings.known_at) if settings.known_at else None
    results = []
    with session(settings) as opened:
        if gate == "arrival":
            summaries = _landed(opened, known, as_of, known_at, wanted)
        else:
            before = _before(opened, previous_release, framework_changed)
            summaries = [one for one in release.summaries(before) if one.relation in wanted]
        for summary in summaries:
            if progress:
                progress(f"{gate} gate: {summary.relation}")
            checked, report = _check(opened, summary, run_id, checked_at)
            results += checked
            _keep(settings, summary, checked, report)
    with connect(settings) as connection:
        record(connection, results)
    return results


def _summaries(gate: Gate, contracts: Mapping[str, Contract] | None) -> list[Summary]:
    if gate == "release":
        return release.summaries()
    known = list((contracts if contracts is not None else load_contracts()).values())
    return [arrival.of_no_entity(known), *(arrival.summary(contract) for contract in known)]


def _wanted(summaries: list[Summary], relations: list[str] | None) -> set[str]:
    known = {summary.relation for summary in summaries}
    if unknown := sorted(set(relations or ()) - known):
        raise ValueError(f"no checks for {unknown[0]}; relations of this gate: {sorted(known)}")
    return known if relations is None else set(relations)


def _landed(
    opened: "Session",
    contracts: Mapping[str, Contract],
    as_of: date | None,
    known_at: datetime | None,
    wanted: set[str],
) -> list[Summary]:
    """The summaries of the arrival gate, which depend on columns found and on newest events."""
    found: dict[str, list[str]] = {}
    for relation, column in opened.rows(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where database_name = current_database() order by column_index"
    ):
        found.setdefault(relation, []).append(column)
    end = (as_of - EPOCH).days * DAY + DAY - 1 if as_of else None
    newest: dict[str, int | None] = {}
    first: dict[str, int | None] = {}
    unreadable = set()
    needs_all = as_of is None or arrival.LEDGER in wanted
    for contract in contracts.values():
        table = contract.table
        if contract.event_time not in found.get(table, ()) or not (needs_all or table in wanted):
            continue
        try:
            events = opened.rows(arrival.newest_and_first_event(contract, end, known_at))
            newest[table], first[table] = events[0]
        except Exception:  # whatever it is, its freshness has no answer
            unreadable.add(table)
    if as_of is None:
        latest = max((one for one in newest.values() if one is not None), default=None)
        day = date.fromordinal(EPOCH.toordinal() + latest // DAY) if latest else None
    else:
        day = as_of
    common = arrival.Landed(
        as_of=day,
        is_asked_for=as_of is not None,
        known_at=known_at,
        has_seen="landing.seen" in found,
    )
    done = {contract.table for contract in contracts.values() if not contract.required}
    of_all = replace(
        common,
        first=min((one for table, one in first.items() if one and table in done), default=None),
        is_readable=not unreadable,
    )
    summaries = [arrival.of_no_entity(list(contracts.values()), of_all)]
    for contract in contracts.values():
        landed = replace(
            common,
            columns=found.get(contract.table, ()),
            newest=newest.get(contract.table),
            is_readable=contract.table not in unreadable,
        )
        summaries.append(arrival.summary(contract, landed))
    return [summary for summary in summaries if summary.relation in wanted]


def _before(opened: "Session", path: Path | None, framework_changed: bool) -> Before:
    if path is None:
        return Before(framework_changed=framework_changed)
    try:
        opened.execute(f"attach {literal(str(path))} as {PREVIOUS} (read_only)")
        tables = {
            f"marts.{name}": f'{PREVIOUS}."{schema}"."{name}"'
            for schema, name in opened.rows(
                "select table_schema, table_name from information_schema.tables "
                f"where table_catalog = '{PREVIOUS}'"
            )
        }
    except Exception:  # whatever it is, comparisons have no answer
        return Before(is_readable=False, framework_changed=framework_changed)
    return Before(tables, framework_changed=framework_changed)


def _check(
    opened: "Session", summary: Summary, run_id: str, checked_at: datetime
) -> tuple[list[CheckResult], dict[str, Any]]:
    """Results of all checks of a relation, in their order, and the report of the validation."""
    row, broken = _measure(opened, summary)
    answered = tuple(one for one in summary.checks if one.measure not in broken)
    report: dict[str, Any] = {}
    passed = {}
    try:
        if answered:
            verdicts, report = opened.validate(summary, answered)
            for measure, verdict in verdicts.items():
                passed[measure] = verdict.success
                if verdict.error:
                    broken[measure] = verdict.error
    except Exception as error:  # whatever it is, it is not a pass
        broken |= {one.measure: type(error).__name__ for one in answered}
    results = []
    for check in summary.checks:
        measure = check.measure
        status, observed = "crashed", "could not be evaluated"
        if measure in broken:
            observed += f" ({broken[measure]})"
        elif row.get(measure) is None:
            observed = row.get(f"{measure}__words") or observed
        elif measure in passed:
            status = "passed" if passed[measure] else "failed"
            observed = row.get(f"{measure}__words") or ""
            if status == "failed" and check.bad_row:
                observed += _first_place(opened, summary, check.bad_row)
        results.append(
            CheckResult(
                run_id=run_id,
                **asdict(check.spec),
                status=status,  # type: ignore[arg-type]
                observed=observed,
                unexpected_rows=row.get(f"{measure}__unexpected"),
                evaluated_rows=row.get(f"{measure}__evaluated"),
                checked_at=checked_at,
            )
        )
    return results, report


def _measure(opened: "Session", summary: Summary) -> tuple[dict[str, Any], dict[str, str]]:
    """The row of measures and, for those that cannot be measured, the error instead."""
    with suppress(Exception):
        return opened.summarise(summary, summary.checks), {}
    # One of them at least is broken: each alone tells which.
    broken = {}
    for check in summary.checks:
        try:
            opened.summarise(summary, (check,))
        except Exception as error:  # whatever it is, it is not a pass
            broken[check.measure] = _reason(error)
    whole = tuple(check for check in summary.checks if check.measure not in broken)
    return (opened.summarise(summary, whole) if whole else {}), broken


def _first_place(opened: "Session", summary: Summary, bad_row: str) -> str:
    """Where the first bad row is, in words: asked only when there is one."""
    with suppress(Exception):
        ((line, path),) = opened.rows(
            f"with {summary.context}, first as (select _file_id, _row_number from "
            f"{summary.source} where {bad_row} order by all limit 1) "
            f"select _row_number, path from first inner join {arrival.LEDGER} on file_id = _file_id"
        )
        return f"; the first is line {line} of {path}"
    return ""


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    name = type(cause).__name__
    first = str(cause).splitlines()[0] if str(cause) else ""
    return f"{name}: {first}" if name in NAMED_ERRORS and first else name


def _utc(moment: datetime) -> datetime:
    """Naive UTC, as the database keeps times; a naive moment is UTC already."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _keep(
    settings: Settings, summary: Summary, results: list[CheckResult], report: dict[str, Any]
) -> None:
    """Keep the last validation of a relation for the data docs; replaced as a whole."""
    folder = settings.quality / "validations" / summary.gate
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{summary.relation}.json"
    content = {"checks": [asdict(result) for result in results], "validation": report}
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=1, default=str), encoding="utf-8")
    os.replace(partial, path)
