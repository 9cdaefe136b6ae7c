"""What a run tells a person at its end: what it did, who is promising, what to do next."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration import publishing
from orchestration.pipeline import Outcome, RunFailed
from orchestration.settings import PROJECT_DIR, Settings

MOST_PROMISING = """
    select
        partner_name, segment, tenure_week, revenue_score, engagement_score, status, strengths, gaps
    from marts.partner_scorecards
    where status in ('published', 'provisional')
    order by composite_score desc, partner_id
    limit 5
"""
REASONS = """
    select count(*), status, coalesce(status_reason, 'no reason given')
    from marts.partner_scorecards
    group by all order by all desc
"""
HELD = """
    select reason from marts.set_aside_records
    where state = 'held'
    group by reason order by count(*) desc, reason limit 4
"""
BREADTH = """
    select outcome, breadth from marts.framework_breadth
    where segment = 'baseline' and is_in_force
    order by outcome
"""
MOST_WARNINGS = 8
STATUSES = "select status, count(*) from marts.partner_scorecards group by status order by status"


def success(out: Console, settings: Settings, outcome: Outcome) -> None:
    """The counts of the run, the five most promising partners, and the next commands."""
    release = outcome.release
    if not outcome.is_new:
        _nothing_new(out, settings, release)
        return
    manifest = json.loads((release.path / "manifest.json").read_text())
    totals = manifest["run"]["totals"]
    results = manifest["checks"]["results"]
    passed = sum(each["status"] == "passed" for each in results)
    others = len(results) - passed
    warned = f", {others} warn" if others else ""
    _, statuses = publishing.query(settings, STATUSES)
    lines = Table.grid(padding=(0, 2))
    for name, words in (
        (
            "files",
            f"{totals['files_landed']:,} landed, {totals['files_quarantined']:,} quarantined",
        ),
        (
            "rows",
            f"{totals['rows_landed']:,} landed = {totals['rows_staged']:,} staged + "
            f"{totals['rows_quarantined']:,} quarantined; "
            f"{totals['lines_rejected']:,} lines rejected",
        ),
        (
            "activities",
            f"{totals['activities']:,} counted, {totals['activities_held']:,} held"
            f"{_why_held(settings)}",
        ),
        ("checks", f"{passed:,} of {len(results):,} passed{warned}"),
        ("partners", ", ".join(f"{count:,} {status}" for status, count in statuses)),
        (
            "breadth",
            f"{float(totals['breadth']):.0%} of the framework can be measured with these sources: "
            f"{_breadth(settings)}",
        ),
        ("as of", _day(settings, release)),
        ("release", f"{release.id}  (score hash {release.score_hash[:12]})"),
    ):
        lines.add_row(f"[bold]{name}[/bold]", words)
    out.print()
    out.print(lines)
    _warnings(out, results)
    _promising(out, settings)
    _next_steps(out, settings, release)


def _why_held(settings: Settings) -> str:
    _, reasons = publishing.query(settings, HELD)
    return f": {', '.join(reason for (reason,) in reasons)}" if reasons else ""


def _breadth(settings: Settings) -> str:
    """By outcome: sources that say much of the one may say next to nothing of the other."""
    _, outcomes = publishing.query(settings, BREADTH)
    return ", ".join(f"{outcome} {float(share):.0%}" for outcome, share in outcomes)


def _warnings(out: Console, results: Sequence[Mapping[str, Any]]) -> None:
    """What forbade no release and wants somebody all the same: a silent source holds scores."""
    warned = [each for each in results if each["status"] != "passed"]
    if warned:
        out.print("\n[bold]Warnings[/bold]")
    for each in warned[:MOST_WARNINGS]:
        said = f"  {each['check_name']}: {each['observed']}. {each['remedy']}"
        out.print(said, soft_wrap=True, markup=False)
    if len(warned) > MOST_WARNINGS:
        out.print(f"  and {len(warned) - MOST_WARNINGS} more: quality/ in the release")


def _nothing_new(out: Console, settings: Settings, release: publishing.Release) -> None:
    out.print(f"Nothing new since release [bold]{release.id}[/bold] (as of {release.as_of}).")
    served = publishing.current(settings)
    if served and served.id != release.id:
        out.print(
            f"It was taken back: release [bold]{served.id}[/bold] stays served. "
            f"`{_command(settings)} rollback {release.id}` serves it again.",
            soft_wrap=True,
        )
    _next_steps(out, settings, served or release)


def _promising(out: Console, settings: Settings) -> None:
    _, partners = publishing.query(settings, MOST_PROMISING)
    out.print("\n[bold]Most promising[/bold]")
    if not partners:
        _, reasons = publishing.query(settings, REASONS)
        for count, status, reason in reasons:
            out.print(f"  nobody yet: {count:,} {status}, {reason}", soft_wrap=True, markup=False)
    for name, segment, week, revenue, engagement, status, strengths, gaps in partners:
        note = "" if status == "published" else f", {status}"
        out.print(
            f"  [bold]{escape(name)}[/bold] ({segment}, week {week} of its contract{note}): "
            f"revenue {revenue:.0f}, engagement {engagement:.0f}",
            soft_wrap=True,
        )
        for mark, reasons in (("+", strengths), ("-", gaps)):
            if reasons:
                out.print(f"    {mark} {reasons}", soft_wrap=True, markup=False)


def _day(settings: Settings, release: publishing.Release) -> str:
    asked = settings.as_of
    if asked is None or asked == release.as_of:
        return f"{release.as_of}"
    return f"{release.as_of}, the Sunday of the last week that is over by {asked}"


def _command(settings: Settings) -> str:
    """How this very program is called again on this very warehouse."""
    program = Path(sys.argv[0])
    here = Path.cwd()
    called = program.relative_to(here) if program.is_relative_to(here) else program
    if settings.warehouse == PROJECT_DIR / "warehouse":
        return str(called)
    return f"PARTNER_SCORING_WAREHOUSE={settings.warehouse} {called}"


def _next_steps(out: Console, settings: Settings, release: publishing.Release) -> None:
    out.print()
    out.print(
        f"Readers connect to  {release.path.parent / 'current' / release.database.name}",
        soft_wrap=True,
    )
    out.print(
        f"Ask it              {_command(settings)} query "
        '"select cell, count(*) as partners from marts.partner_scorecards group by cell"',
        soft_wrap=True,
        markup=False,
    )
    out.print(f"Look at it          {_command(settings)} dashboard", soft_wrap=True)
    out.print(f"See how it was made {_command(settings)} ui   (or: make ui)", soft_wrap=True)


def failure(err: Console, settings: Settings, failed: RunFailed) -> None:
    """Why there is no release, what to do, and what is served meanwhile."""
    err.print()
    err.print(f"No release: {failed.message}", style="red", soft_wrap=True, markup=False)
    for each in failed.blocking:
        found = f"  {each.status} {each.check_name}: {each.observed}"
        err.print(found, soft_wrap=True, markup=False)
        if each.expected and each.expected not in each.observed:
            err.print(f"         expected: {each.expected}", soft_wrap=True, markup=False)
        err.print(f"         what to do: {each.remedy}", soft_wrap=True, markup=False)
    served = publishing.current(settings)
    err.print(
        f"Still served: release {served.id} as of {served.as_of}"
        if served
        else "Nothing is served yet."
    )
    if failed.log:
        err.print(f"[dim]Full log: {failed.log}[/dim]", soft_wrap=True)
