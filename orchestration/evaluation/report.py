"""The evaluation of a programme's scores as one HTML page that needs nothing from anywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from orchestration.database import connect
from orchestration.evaluation import backtest, onboarding, out_of_time, plots, study_results
from orchestration.evaluation import framework as frameworks
from orchestration.evaluation.fitting import EXPERT, PROPOSED
from orchestration.evaluation.framework import OUTCOMES, Framework
from orchestration.evaluation.onboarding import Design
from orchestration.evaluation.out_of_time import Gain
from orchestration.evaluation.study_results import Result, Worked
from orchestration.pages import write_page
from orchestration.settings import Settings

Tell = Callable[[str], None]


def evaluate(
    settings: Settings, design: Design, target: Path, tell: Tell = lambda _line: None
) -> list[str]:
    """Write the report to `target`; returns its summary, a line each.

    What the history is too short for is said in the place of the figure.
    """
    with connect(settings, read_only=True) as connection:
        framework = frameworks.in_force(connection)
        tell("how early the scores tell")
        study, worked = _study(connection, framework, design, tell)
        gains = {}
        for outcome in OUTCOMES:
            tell(f"{outcome}: what transparency costs")
            gains[outcome] = _gain(connection, framework, outcome)
        tell("what was published, beside what happened")
        published = backtest.sections(connection)
        as_of, partners = connection.execute(
            "select as_of_on, (select count(*) from partners.partners) "
            "from activities.score_horizon"
        ).fetchall()[0]
    summary = _summary(worked, gains)
    write_page(
        Path(__file__).with_name("report.html.j2"),
        target,
        as_of=as_of,
        framework=framework,
        partners=partners,
        summary=summary,
        study=study,
        gains=[_gain_part(outcome, gain) for outcome, gain in gains.items()],
        backtest=published,
    )
    return summary


def _study(
    connection: duckdb.DuckDBPyConnection, framework: Framework, design: Design, tell: Tell
) -> tuple[dict[str, Any], Worked | None]:
    first, last = design.active_days
    shown: dict[str, Any] = {
        "asked": (
            "Scores of the last week that was over "
            f"{', '.join(str(day) for day in design.horizons)} days after the contract began, "
            f"beside whether the partner was active in days {first} to {last} "
            + (f"({', '.join(design.active_by)}) " if design.active_by else "")
            + f"and its sourced revenue in the {design.revenue_days} days that followed."
        ),
        "missing": None,
        "parts": [],
        "tables": [],
    }
    try:
        study = onboarding.read(connection, framework, design)
    except onboarding.TooLittle as error:
        return shown | {"missing": f"Not yet: {error}."}, None
    worked = study_results.work_out(study, tell)
    longest = max(design.horizons)
    shown |= {
        "training": int(study.training(longest).sum()),
        "testing": int(study.testing(longest).sum()),
        "train_from": study.train_from,
        "train_until": study.train_until,
        "test_until": study.test_until,
        "parts": [
            _study_part(worked, "engagement", "AUC", "Active later (AUC)"),
            _study_part(worked, "revenue", "Spearman", "Revenue later (Spearman)"),
        ],
        "tables": [
            {
                "title": "Active later (Brier)",
                "horizons": design.horizons,
                "rows": _rows(worked, "engagement", "Brier"),
            }
        ],
    }
    return shown, worked


def _study_part(worked: Worked, outcome: str, measure: str, title: str) -> dict[str, Any]:
    horizons = worked.study.design.horizons
    groups = [
        (
            f"day {horizon}",
            {each.model: each.estimate for each in _found(worked, outcome, measure, horizon)},
        )
        for horizon in horizons
    ]
    rivals = [
        each.over
        for each in worked.results
        if (each.horizon, each.outcome, each.model) == (horizons[0], outcome, PROPOSED)
        and each.over
    ]
    return {
        "title": title,
        "measure": measure,
        "horizons": horizons,
        "plot": Markup(plots.intervals(groups, measure)),
        "rows": _rows(worked, outcome, measure),
        "differences": [
            {
                "model": over,
                "figures": [
                    each.estimate
                    for horizon in horizons
                    for each in worked.results
                    if (each.horizon, each.outcome, each.model, each.over)
                    == (horizon, outcome, PROPOSED, over)
                ],
            }
            for over in rivals
        ],
    }


def _found(worked: Worked, outcome: str, measure: str, horizon: int) -> list[Result]:
    return [
        each
        for each in worked.results
        if (each.outcome, each.measure, each.horizon, each.over)
        == (outcome, measure, horizon, None)
    ]


def _rows(worked: Worked, outcome: str, measure: str) -> list[dict[str, Any]]:
    horizons = worked.study.design.horizons
    models = [each.model for each in _found(worked, outcome, measure, horizons[0])]
    return [
        {
            "model": model,
            "figures": [
                each.estimate
                for horizon in horizons
                for each in _found(worked, outcome, measure, horizon)
                if each.model == model
            ],
        }
        for model in models
    ]


def _gain(connection: duckdb.DuckDBPyConnection, framework: Framework, outcome: str) -> Gain | str:
    try:
        known = out_of_time.read(connection, framework, outcome)
        return out_of_time.judge(known, framework, outcome)
    except out_of_time.TooLittle as error:
        return str(error)


def _gain_part(outcome: str, gain: Gain | str) -> dict[str, Any]:
    if isinstance(gain, str):
        return {"outcome": outcome, "missing": f"Not yet: {gain}."}
    return {
        "outcome": outcome,
        "missing": None,
        "tested": gain.tested,
        "first_test_week": gain.first_test_week,
        "measure": gain.measure,
        "estimates": gain.estimates,
        "gain": gain.gain,
        "price": gain.price[EXPERT],
        "plot": Markup(plots.lift(gain.lift, f"Who holds the outcome: {outcome}")),
    }


def _summary(worked: Worked | None, gains: dict[str, Gain | str]) -> list[str]:
    lines = []
    for outcome, gain in gains.items():
        if isinstance(gain, str):
            lines.append(f"{outcome}: not yet to be judged week by week: {gain}")
            continue
        lines.append(
            f"{outcome}: {gain.measure} {gain.estimates[EXPERT]} with expert weights; the best "
            f"challenger has {gain.price[EXPERT]} more. Proposed weights would gain {gain.gain}"
            + ("." if gain.is_proven else ", which proves no gain.")
        )
    if worked is None:
        lines.append("how early the scores tell: not yet to be judged")
        return lines
    first = worked.study.design.horizons[0]
    for outcome, measure in (("engagement", "AUC"), ("revenue", "Spearman")):
        by_model = {each.model: each.estimate for each in _found(worked, outcome, measure, first)}
        lines.append(
            f"{outcome}, {first} days into a contract: {measure} {by_model[EXPERT]} with expert "
            f"and {by_model[PROPOSED]} with proposed weights"
        )
    return lines
