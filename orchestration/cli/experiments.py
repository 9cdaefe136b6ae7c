"""Commands around experiments: who is given which arm, and what came of it."""

from datetime import UTC, datetime
from math import expm1
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from orchestration.cli.shared import (
    WRONG_USE,
    Landing,
    Warehouse,
    app,
    err,
    errors_in_words,
    out,
    settings_of,
)

VERDICTS = "select * from marts.experiment_verdicts where $1 in ('', experiment) order by all"
ESTIMATES = """
    select * from marts.experiment_results
    where experiment = $1 and arm = $2 and is_planned
    order by case role when 'primary' then 1 when 'secondary' then 2 else 3 end, metric
"""
ASSIGNED_BESIDE_PLANS = """
    select experiment, count(*) as partners from marts.experiment_assignments
    where not is_registered group by experiment order by experiment
"""
NUMBERS = {"raw": "+,.2f", "winsorised": "+,.2f", "log": "+.3f", "reached": "+.1%"}
SCALES = {"winsorised": ", extremes capped", "log": " on the log scale", "reached": " of partners"}


@app.command()
def experiments(
    experiment: Annotated[
        str | None, typer.Argument(help="The experiment to tell of (default: list them all).")
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """What was tried and what came of it, by the plans: scale, revert, continue or inconclusive."""
    from orchestration import publishing

    settings = settings_of(warehouse=warehouse)

    def ask(sql: str, *given: str) -> list[dict[str, Any]]:
        columns, rows = publishing.query(settings, sql, list(given))
        return [dict(zip(columns, row, strict=True)) for row in rows]

    with errors_in_words():
        verdicts = ask(VERDICTS, experiment or "")
        if experiment and not verdicts:
            known = ", ".join(sorted({each["experiment"] for each in ask(VERDICTS, "")}))
            raise ValueError(f"The release has no experiment {experiment!r}; it has {known}.")
        if experiment:
            for each in verdicts:
                _tell(each, ask(ESTIMATES, experiment, each["arm"]))
            return
        table = Table("experiment", "arm", "partners", "state", "says", "because")
        for each in verdicts:
            table.add_row(
                each["experiment"], each["arm"], str(each["partners"]), each["state"],
                each["recommendation"], each["reason"],
            )  # fmt: skip
        out.print(table)
        for each in ask(ASSIGNED_BESIDE_PLANS):
            out.print(
                f"{each['experiment']}: {each['partners']} partners assigned without a plan; it "
                "has no result.",
                markup=False,
            )


@app.command()
def assign(
    experiment: Annotated[str, typer.Argument(help="A registered experiment.")],
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of the assignment (default: today, UTC)."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="File to write (default: in the landing folder, so that it is landed)."),
    ] = None,
    landing: Landing = None,
    warehouse: Warehouse = None,
) -> None:
    """Give the eligible partners of the served release their arms, and write that for landing.

    The same release and plan give the same arms on every machine. Refused (exit code 2) when
    anybody has been assigned before, or when the windows would pass after the planned look.
    """
    from orchestration import experiments as stage
    from orchestration import publishing

    settings = settings_of(landing=landing, warehouse=warehouse)
    day = (on or datetime.now(UTC)).date()
    name = f"assignments_{experiment}.csv"
    target = output or settings.landing / "experiments" / "assignments" / name
    with errors_in_words():
        try:
            _refuse_what_has_landed(settings, experiment)
            with publishing.open_release(settings) as connection:
                drawn = stage.draw(connection, experiment, day)
            stage.write(drawn, target)
        except stage.NotAssignable as refused:
            err.print(str(refused), style="red", markup=False, soft_wrap=True)
            raise typer.Exit(WRONG_USE) from None
    sizes = ", ".join(f"{arm} {size}" for arm, size in drawn.sizes().items())
    out.print(f"{len(drawn.arms)} partners assigned on {day}: {sizes}")
    for figure, means, distance in drawn.balance():
        stated = ", ".join(f"{arm} {mean:.1f}" for arm, mean in sorted(means.items()))
        out.print(
            f"  {figure.replace('_', ' ')}: {stated} "
            f"({distance:.2f} standard deviations from all at most)"
        )
    out.print(f"{target}", soft_wrap=True)


def _refuse_what_has_landed(settings: Any, experiment: str) -> None:
    """Rows that no release has seen yet are assignments too."""
    from orchestration import experiments as stage
    from orchestration.database import connect

    if not settings.working_database.exists():
        return
    with connect(settings, read_only=True) as connection:
        (landed,) = connection.execute(
            "select count(*) from raw_experiments.assignments where experiment_id = ?", [experiment]
        ).fetchone() or (0,)
    if landed:
        raise stage.NotAssignable(
            f"{landed} assignments of {experiment} have landed: nobody is assigned twice."
        )


def _tell(verdict: dict[str, Any], estimates: list[dict[str, Any]]) -> None:
    """One arm in words."""

    def say(line: str) -> None:
        out.print(line, markup=False, soft_wrap=True)

    say(f"{verdict['title']} ({verdict['experiment']}, arm {verdict['arm']})")
    say(f"  expected: {verdict['hypothesis']}")
    say(
        f"  registered {verdict['registered_on']}, looks {verdict['planned_look_on']}, "
        f"as of {verdict['as_of_on']}: {verdict['state']}"
    )
    sizes = verdict["chance_of_sizes"]
    say(
        f"  {verdict['partners']} partners assigned"
        + (f"; chance of such sizes {sizes:.3f}" if sizes is not None else "")
        + f"; {verdict['contaminated']} got more than their arm"
    )
    for each in estimates:
        say(f"  {each['role']} {each['metric']}: {_estimate(each)}")
    say(f"  {verdict['recommendation'].upper()}: {verdict['reason']} ({verdict['owner']} decides)")


def _estimate(row: dict[str, Any]) -> str:
    if row["difference"] is None:
        return f"{row['state']}; {row['control_partners'] + row['treatment_partners']} windows over"
    form = NUMBERS[row["scale"]]
    low, difference, high, seen = (
        format(row[name], form)
        for name in ("difference_low", "difference", "difference_high", "detectable_effect")
    )
    relative = f" (about {expm1(row['difference']):+.0%})" if row["scale"] == "log" else ""
    return (
        f"{difference}{SCALES.get(row['scale'], '')}{relative}, {row['confidence']:.0%} interval "
        f"{low} to {high}, p {row['p_value']:.3f}; {seen} is the least that "
        f"{row['control_partners']} and {row['treatment_partners']} partners would likely show"
    )
