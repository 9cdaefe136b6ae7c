"""Commands that hold scores against what happened, for people to judge."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from orchestration.cli.shared import (
    BLOCKED,
    Landing,
    Warehouse,
    app,
    err,
    errors_in_words,
    need_warehouse,
    out,
    settings_of,
    telling,
)


@app.command()
def evaluate(
    landing: Landing = None,
    warehouse: Warehouse = None,
    output: Annotated[
        Path | None,
        typer.Option(help="The page to write (default: evaluation.html in the warehouse folder)."),
    ] = None,
    day: Annotated[
        list[int] | None,
        typer.Option(help="Days after the contract that are judged (default: 30, 60 and 90)."),
    ] = None,
    active_from: Annotated[int, typer.Option(help="First day of the window to be active in.")] = 91,
    active_until: Annotated[int, typer.Option(help="Last day of that window.")] = 180,
    active_by: Annotated[
        list[str] | None,
        typer.Option(help="Activity type that makes active (default: all that policy counts)."),
    ] = None,
    revenue_days: Annotated[int, typer.Option(min=1, help="Days of revenue foretold.")] = 180,
    train_from: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    train_until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    test_until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Contract dates that train, and that test (default: the earlier 65% train).",
        ),
    ] = None,
) -> None:
    """Hold the scores against what happened: a page with tables and plots. Takes a few minutes.

    Scores, weights fitted to the outcome, machine learning on the same metrics, and ranks that
    anybody has without a score. A landing folder that was never run is run first.
    """
    from orchestration.evaluation import Design, write_report

    def on(moment: datetime | None) -> Any:
        return moment.date() if moment else None

    settings = settings_of(landing=landing, warehouse=warehouse)
    design = Design(
        horizons=tuple(sorted(day or (30, 60, 90))),
        active_days=(active_from, active_until),
        revenue_days=revenue_days,
        active_by=tuple(active_by or ()),
        train_from=on(train_from),
        train_until=on(train_until),
        test_until=on(test_until),
    )
    with errors_in_words():
        need_warehouse(settings)
        target = (output or settings.warehouse / "evaluation.html").absolute()
        for line in write_report(settings, design, target, telling()):
            out.print(line, markup=False, soft_wrap=True)
    out.print(f"\n{target}", soft_wrap=True)


@app.command("propose-weights")
def propose_weights(
    warehouse: Warehouse = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Folder for the draft (default: proposals in the warehouse folder)."),
    ] = None,
) -> None:
    """Fit weights to what happened and write them as a draft version for people to review.

    Policy is never changed. Refused (exit code 3) under 300 partners with a known outcome, or where
    the gain on later weeks may be chance.
    """
    from orchestration.evaluation import Refused, propose, write_draft

    settings = settings_of(warehouse=warehouse)
    with errors_in_words():
        need_warehouse(settings)
        try:
            draft = propose(settings, telling())
        except Refused as refused:
            err.print(str(refused), style="red", markup=False, soft_wrap=True)
            raise typer.Exit(BLOCKED) from None
        folder = write_draft(draft, (output or settings.warehouse / "proposals").absolute())
    for outcome, gain in draft.gains.items():
        out.print(f"{outcome}: {gain.measure} on later weeks {gain.gain} higher", soft_wrap=True)
    for outcome, why in draft.refused.items():
        out.print(f"{outcome}: not proposed; {why}", markup=False, soft_wrap=True)
    out.print(f"\nversion {draft.version} as a draft, with its evidence: {folder}", soft_wrap=True)


@app.command()
def review(
    warehouse: Warehouse = None,
    release: Annotated[
        str | None, typer.Option(help="Release to review (default: the served one).")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="The page to write (default: reviews/RELEASE.html in the warehouse)."),
    ] = None,
) -> None:
    """Write the pack for the quarterly review: health, drift, misses, proposals, minutes.

    Dagster writes one at the beginning of each quarter.
    """
    from orchestration import publishing
    from orchestration.review import review_pack

    settings = settings_of(warehouse=warehouse)
    with errors_in_words():
        found = publishing.find(settings, release)
        target = (output or settings.reviews / f"{found.id}.html").absolute()
        with publishing.open_release(settings, found.id) as connection:
            for line in review_pack(connection, target):
                out.print(line, markup=False, soft_wrap=True)
    out.print(f"\n{target}", soft_wrap=True)


@app.command("business-review")
def business_review(
    partner: Annotated[str, typer.Argument(help="The partner's id, as in the CRM.")],
    warehouse: Warehouse = None,
    release: Annotated[
        str | None, typer.Option(help="Release to read (default: the served one).")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help="The page to write (default: reviews/RELEASE-PARTNER.html in the warehouse)."
        ),
    ] = None,
) -> None:
    """Write the business-review pack of one partner: scores, drivers, forecast, deals, goals.

    Internal: it shows the forecast and what to ask about. No row of another partner is in it.
    """
    from orchestration import publishing
    from orchestration.review import business_review as write_review

    settings = settings_of(warehouse=warehouse)
    with errors_in_words():
        found = publishing.find(settings, release)
        name = "".join(each if each.isalnum() or each in "-_" else "_" for each in partner)
        target = (output or settings.reviews / f"{found.id}-{name}.html").absolute()
        with publishing.open_release(settings, found.id) as connection:
            for line in write_review(connection, partner, target):
                out.print(line, markup=False, soft_wrap=True)
    out.print(f"\n{target}", soft_wrap=True)
