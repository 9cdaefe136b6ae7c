"""Commands that ask what would be: another framework version, a scenario."""

from typing import Annotated, Any

import typer
from rich.table import Column, Table

from orchestration.cli.shared import (
    WRONG_USE,
    Warehouse,
    app,
    err,
    errors_in_words,
    out,
    settings_of,
)

CAUSES = (
    "score, points",
    "score, size of the move",
    "by layer weights",
    "by metric weights",
    "by anchors and priors",
    "by overlay and limits",
)
VERSIONS = """
    select framework_version, max(base_version), max(role)
    from marts.framework_impact group by framework_version order by framework_version
"""
QUARTER = """
    with newest as (select max(week_start) as last_week from marts.framework_impact)
    select
        outcome, count(distinct partner_id), min(week_start), max(week_start),
        avg(score_difference), avg(abs(score_difference)),
        avg(layer_weight_points), avg(metric_weight_points), avg(rating_points),
        avg(overlay_points + limit_points),
        count(*) filter (where week_start = last_week and band_after != band_before)
    from marts.framework_impact cross join newest
    where framework_version = {version} group by outcome order by outcome
"""
BANDS = """
    select outcome, band_before, band_after, count(*)
    from marts.framework_impact
    where
        framework_version = {version}
        and week_start = (select max(week_start) from marts.framework_impact)
        and band_before != band_after
    group by all order by all
"""
MOVERS = """
    with drivers as (
        select partner_id, outcome, max_by(metric, abs(points)) as metric
        from marts.framework_impact_drivers where framework_version = {version} group by all
    )
    select
        impact.partner_id, partner_name, impact.outcome, score_before, score_after,
        score_difference,
        case when band_before = band_after then band_after
            else band_before || ' > ' || band_after end,
        drivers.metric
    from marts.framework_impact as impact
    inner join marts.partner_directory using (partner_id)
    left join drivers using (partner_id, outcome)
    where
        framework_version = {version}
        and week_start = (select max(week_start) from marts.framework_impact)
        and abs(score_difference) > 0.005
    order by abs(score_difference) desc, partner_id limit {top}
"""
SCENARIOS = """
    select
        scenario, question, outcome, mean_difference, bands_up, bands_down,
        scenario_expected_revenue / nullif(official_expected_revenue, 0) - 1
    from marts.scenario_summaries where segment = 'all' order by scenario, outcome
"""


@app.command()
def impact(
    version: Annotated[int, typer.Option(help="A framework version, approved or a draft.")],
    top: Annotated[int, typer.Option(min=1, help="How many partners to name.")] = 10,
    warehouse: Warehouse = None,
) -> None:
    """What a framework version changes: whose score and band moves, and why.

    Compared with the version that it is based on, over the current quarter, each as if it alone
    had been in force. Scores are those before smoothing.
    """
    from orchestration import publishing

    settings = settings_of(warehouse=warehouse)

    def ask(sql: str) -> list[Any]:
        return publishing.query(settings, sql.format(version=version, top=top))[1]

    with errors_in_words():
        known = {row[0]: row[1:] for row in ask(VERSIONS)}
        if version not in known:
            err.print(
                f"The release compares no version {version}. It knows "
                f"{', '.join(map(str, known)) or 'none'}. A draft is compared once its rows are in "
                "seeds/policy/ (status proposed) and `partner-scoring run` has been through.",
                style="red",
            )
            raise typer.Exit(WRONG_USE)
        base, role = known[version]
        quarter, bands, movers = ask(QUARTER), ask(BANDS), ask(MOVERS)
    first = quarter[0]
    out.print(
        f"Version {version} ({role}) beside version {base}: {first[1]} partners, "
        f"weeks of {first[2]} to {first[3]}\n"
    )
    table = Table("mean over the quarter", *_right(*(row[0] for row in quarter)))
    for at, title in enumerate(CAUSES, start=4):
        table.add_row(title, *(f"{row[at]:+.2f}" for row in quarter))
    table.add_row("bands changed, last week", *(str(row[-1]) for row in quarter))
    out.print(table)
    for outcome, before, after, count in bands:
        out.print(f"{outcome}: {count} from {before} to {after}")
    out.print("\nWho moves most:" if movers else "\nNobody moves in the last week.")
    for partner, name, outcome, before, after, moves, band, metric in movers:
        cause = (metric or "overlay").replace("_", " ")
        line = f"  {moves:+5.1f}  {partner} {name}: {outcome} {before:.1f} > {after:.1f}, {band}"
        out.print(f"{line}, by {cause}", markup=False, soft_wrap=True)
    out.print("\nAll of them: marts.framework_impact, by metric: marts.framework_impact_drivers")


@app.command()
def scenarios(warehouse: Warehouse = None) -> None:
    """What would be if: each scenario of policy beside the official scores.

    Scenarios are rows of seeds/policy/scenarios.csv and scenario_changes.csv.
    """
    from orchestration import publishing

    with errors_in_words():
        _, rows = publishing.query(settings_of(warehouse=warehouse), SCENARIOS)
    for scenario, question in dict(row[:2] for row in rows).items():
        out.print(f"[bold]{scenario}[/bold]: {question}")
    table = Table(
        Column("scenario", no_wrap=True), "outcome", *_right("mean", "up", "down", "revenue")
    )
    for scenario, _, outcome, mean, up, down, revenue in rows:
        expected = "" if revenue is None else f"{revenue:+.1%}"
        table.add_row(scenario, outcome, f"{mean:+.2f}", str(up), str(down), expected)
    out.print(table)
    out.print(
        "mean: points by which scores move; up, down: partners in another band; revenue: what is "
        "expected of all partners in the next 26 weeks."
    )
    out.print("By partner: marts.partner_scenarios; what each changes: marts.scenario_definitions")


def _right(*titles: str) -> list[Column]:
    return [Column(title, justify="right") for title in titles]
