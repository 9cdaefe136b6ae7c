"""What a scorecard says, in order: rows of one partner turned into sentences and figures.

Which rows there are is decided in `reading`, how they look in the template.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from orchestration.scorecards import drawing, words
from orchestration.scorecards.reading import Card, Reader, Row

WITH_NUMBER = ("published", "stale")
QUARTER = 13
MOST_STEPS = 3
MOST_DRIVERS = 3
MOST_ANSWERED = 5
SMALL = 0.05  # points that round to nothing
LEAST_SUMMED = 2  # internal figures of which a sum says nothing about one


@dataclass(frozen=True)
class Outcome:
    """One of both scores. `score` is None where only the band, or nothing, is shown."""

    name: str
    title: str
    meaning: str
    score: float | None
    band: str
    scale: Markup
    picture: Markup
    picture_text: str
    change: str
    drivers: list[tuple[str, str]]
    strengths: list[str]
    gaps: list[str]
    steps: list[str]
    no_step: str
    internal: tuple[str, str] | None
    overlay: str


@dataclass(frozen=True)
class Figure:
    """A line of the table of all figures: points given and possible, by outcome."""

    name: str
    meaning: str
    value: str
    note: str
    points: dict[str, tuple[str, str, Markup] | None]


def content(reader: Reader, card: Card, currency: str) -> dict[str, Any]:
    """All that the template shows."""
    about = card.about
    status = about["status"]
    outcomes = [_outcome(reader, card, name, currency) for name in words.OUTCOMES]
    version = about["framework_version"]
    return {
        "about": about,
        "release": reader.about,
        "kind": words.kind(about["segment"]),
        "partner_name": about["partner_name"] or about["partner_id"],
        "as_of": words.day(reader.about["as_of"]),
        "week": words.day(about["week_start"] + timedelta(days=6)) if about["week_start"] else "",
        "status": _status(about),
        "has_score": status in (*WITH_NUMBER, "provisional"),
        "outcomes": outcomes if status in (*WITH_NUMBER, "provisional") else [],
        "figures": _figures(reader, card, currency) if status != "terminated" else [],
        "milestones": _milestones(card),
        "open_disputes": [each for each in _disputes(reader, card) if each["is_open"]],
        "answered": [each for each in _disputes(reader, card) if not each["is_open"]][
            :MOST_ANSWERED
        ],
        "reasons": reader.reasons,
        "version": version,
        "approved_on": words.day(reader.approved_on(version)) if version is not None else "",
        "coverage": words.share(about["coverage"]),
        "confidence": words.share(about["confidence"]),
        "freshness": reader.freshness,
        "newest": words.day(reader.freshness["newest"]),
        "least_cohort": reader.least_cohort,
        "target": f"{reader.target_score:.0f}",
        "published_on": words.day(reader.about["published_at"]),
    }


def _status(about: Row) -> str:
    """Why the score is shown as it is; empty for an ordinary one."""
    because = f": {about['status_reason']}" if about["status_reason"] else ""
    if about["status"] == "unscored":
        return (
            f"There is no score yet{because}. Until more has happened a number would be a guess; "
            "what is measured and what is expected when is below."
        )
    if about["status"] == "provisional":
        return (
            f"These are early signs{because}. They are shown as bands without numbers, and no "
            "decision about money rests on them."
        )
    if about["status"] == "stale":
        return (
            f"Records are missing on our side{because}. Until they are back your last score and "
            "band stay as they were."
        )
    if about["status"] == "terminated":
        ended = f" on {words.day(about['terminated_at'])}" if about["terminated_at"] else ""
        return f"The contract ended{ended}. What is over is not scored."
    return ""


def _outcome(reader: Reader, card: Card, name: str, currency: str) -> Outcome:
    about = card.about
    title, meaning = words.OUTCOMES[name]
    has_number = about["status"] in WITH_NUMBER
    score = about[f"{name}_score"] if has_number else None
    band = words.BANDS.get(about[f"{name}_band"] or "", "")
    cuts = reader.cuts(about["framework_version"]) if about["framework_version"] else {}
    cuts_of_outcome = cuts.get(name, {"low": 0.0})
    trajectory = card.of("partner_score_trajectories")
    picture_text = _picture_text(title, name, trajectory, reader.least_cohort)
    steps = _steps(reader, card, name, currency)
    strengths, gaps = _main_points(reader, card, name, currency)
    return Outcome(
        name,
        title,
        meaning,
        score,
        band,
        drawing.scale(
            score,
            cuts_of_outcome,
            f"{title} score {score:.0f} of 100, band {band}" if score is not None else f"Bands of "
            f"the {title.lower()} score",
            name,
        ),
        drawing.trajectory(
            name,
            trajectory,
            card.of("partner_milestone_progress"),
            least_cohort=reader.least_cohort,
            cuts=cuts_of_outcome,
            text=picture_text,
        ),
        picture_text,
        _change(card, name) if has_number else "",
        _drivers(reader, card, name) if has_number else [],
        strengths,
        gaps,
        steps,
        _no_step(card, name, steps),
        _internal(reader, card, name) if has_number else None,
        words.change(about[f"{name}_overlay"])
        if has_number and abs(about[f"{name}_overlay"] or 0) > SMALL
        else "",
    )  # fmt: skip


def _picture_text(title: str, outcome: str, rows: Sequence[Row], least: int) -> str:
    scored = [
        row for row in rows if row["status"] in WITH_NUMBER and row[f"{outcome}_score"] is not None
    ]
    if not scored:
        return f"{title} score by week of the partnership: no published week yet."
    scores = [row[f"{outcome}_score"] for row in scored]
    said = (
        f"{title} score by week of the partnership, from {scores[0]:.0f} in week "
        f"{scored[0]['tenure_week']} to {scores[-1]:.0f} in week {scored[-1]['tenure_week']}; "
        f"lowest {min(scores):.0f}, highest {max(scores):.0f}."
    )
    here = scored[-1]
    if here["cohort_partners"] >= least and here[f"{outcome}_median"] is not None:
        said += (
            f" The middle half of {here['cohort_partners']} comparable partners lay between "
            f"{here[f'{outcome}_lower_quartile']:.0f} and "
            f"{here[f'{outcome}_upper_quartile']:.0f} in that week."
        )
    return said


def _change(card: Card, outcome: str) -> str:
    for row in card.of("partner_score_changes"):
        if (row["outcome"], row["weeks_back"]) == (outcome, QUARTER):
            if row["score_change"] is None:
                return ""
            return f"{words.change(row['score_change'])} points in {QUARTER} weeks"
    return ""


def _drivers(reader: Reader, card: Card, outcome: str) -> list[tuple[str, str]]:
    """Shown figures that moved the score most in a quarter, with the points."""
    rows = [
        row
        for row in card.of("partner_score_change_drivers")
        if (row["outcome"], row["weeks_back"]) == (outcome, QUARTER)
        and row["metric"] in reader.metrics
        and abs(row["metric_points"]) >= SMALL
    ]
    rows.sort(key=lambda row: (-abs(row["metric_points"]), row["metric"]))
    return [
        (reader.metrics[row["metric"]]["shown_name"], words.change(row["metric_points"]))
        for row in rows[:MOST_DRIVERS]
    ]


def _main_points(
    reader: Reader, card: Card, outcome: str, currency: str
) -> tuple[list[str], list[str]]:
    """What gives most points among what reaches its target, and what costs most of the rest."""
    shown = [row for row in _shown(reader, card) if row["outcome"] == outcome]
    good = [row for row in shown if row["metric_score"] >= reader.target_score]
    short = [row for row in shown if row["metric_score"] < reader.target_score]
    good.sort(key=lambda row: (-row["contribution"], row["metric"]))
    short.sort(key=lambda row: (row["contribution"] - 100 * row["weight"], row["metric"]))
    has_number = card.about["status"] in WITH_NUMBER
    return (
        [_in_words(reader, row, currency, has_number) for row in good[:MOST_STEPS]],
        [_in_words(reader, row, currency, has_number) for row in short[:MOST_STEPS]],
    )


def _in_words(reader: Reader, row: Row, currency: str, has_number: bool) -> str:
    metric = reader.metrics[row["metric"]]
    value = words.amount(row["metric_value"], metric["unit"], currency)
    said = f"{metric['shown_name']}{': ' + value if value else ''}"
    if not has_number:
        return said
    given, possible = words.points(row["contribution"]), words.points(100 * row["weight"])
    return f"{said} ({given} of {possible} points)"


def _shown(reader: Reader, card: Card) -> list[Row]:
    return [
        row
        for row in card.of("partner_score_contributions")
        if row["metric"] in reader.metrics and row["weight"] > 0
    ]


def _internal(reader: Reader, card: Card, outcome: str) -> tuple[str, str] | None:
    """Points given and possible of all that is not shown, in one sum; none of a single figure, for
    that would show it."""
    rows = [
        row
        for row in card.of("partner_score_contributions")
        if row["outcome"] == outcome and row["metric"] not in reader.metrics
    ]
    weighed = [row for row in rows if row["weight"] > 0]
    if len(weighed) < LEAST_SUMMED:
        return None
    possible = 100 * sum(row["weight"] for row in weighed)
    return words.points(sum(row["contribution"] for row in rows)), words.points(possible)


def _steps(reader: Reader, card: Card, outcome: str, currency: str) -> list[str]:
    rows = [
        row
        for row in card.of("partner_next_band_steps")
        if row["outcome"] == outcome and row["metric"] in reader.metrics
    ]
    found = []
    for row in sorted(rows, key=lambda each: each["place"])[:MOST_STEPS]:
        metric = reader.metrics[row["metric"]]
        now = words.amount(row["metric_value"], metric["unit"], currency)
        goal = words.needed(row["value_needed"], metric["unit"], metric["better"], currency)
        found.append(
            f"{metric['shown_name']}{' from ' + now if now else ''} to {goal} reaches "
            f"{row['next_band']}, if it stays there"
        )
    return found


def _no_step(card: Card, outcome: str, steps: Sequence[str]) -> str:
    if card.about[f"{outcome}_band"] == "high":
        return "This is the highest band."
    if card.about[f"{outcome}_band_waits"]:
        return "What you do now is enough for the next band, if it stays."
    return "" if steps else "No single figure is enough for the next band; several are needed."


def _figures(reader: Reader, card: Card, currency: str) -> list[Figure]:
    by_metric: dict[str, dict[str, Row]] = {}
    for row in _shown(reader, card):
        by_metric.setdefault(row["metric"], {})[row["outcome"]] = row
    # Points add up to the score, so where that is shown as a band they would tell the number.
    has_number = card.about["status"] in WITH_NUMBER
    found = []
    for name, metric in reader.metrics.items():
        if name not in by_metric:
            continue
        rows = by_metric[name]
        one = next(iter(rows.values()))
        found.append(
            Figure(
                metric["shown_name"],
                metric["in_words"],
                words.amount(one["metric_value"], metric["unit"], currency),
                words.STATES.get(str(one["evidence_state"]), ""),
                {
                    outcome: _points(rows.get(outcome)) if has_number else None
                    for outcome in words.OUTCOMES
                },
            )
        )
    return found


def _points(row: Row | None) -> tuple[str, str, Markup] | None:
    if row is None:
        return None
    possible = 100 * row["weight"]
    return (
        words.points(row["contribution"]),
        words.points(possible),
        drawing.bar(row["contribution"] / possible),
    )


def _milestones(card: Card) -> list[Row]:
    signed = card.about["contract_signed_at"]
    found = []
    for row in sorted(card.of("partner_milestone_progress"), key=lambda each: each["sequence"]):
        expected = ""
        if signed is not None:
            monday = signed.date() - timedelta(days=signed.weekday())
            expected = words.day(monday + timedelta(days=7 * row["expected_week"] + 6))
        found.append(
            {
                "number": row["sequence"],
                "name": words.plain(row["milestone"]),
                "is_required": row["is_required"],
                "expected": expected,
                "reached": words.day(row["reached_at"]),
                "status": words.MILESTONES.get(row["status"], row["status"]),
                "is_late": row["status"] == "overdue",
            }
        )
    return found


def _disputes(reader: Reader, card: Card) -> list[Mapping[str, Any]]:
    """Newest first."""
    rows = sorted(
        card.of("partner_disputes"), key=lambda row: (row["opened_on"], row["dispute_id"])
    )
    return [
        {
            "id": row["dispute_id"],
            "metric": reader.metrics[row["metric"]]["shown_name"]
            if row["metric"] in reader.metrics
            else "A figure that is not shown here",
            "reason": row["reason"],
            "is_open": row["is_open"],
            "is_overdue": row["is_overdue"],
            "state": words.DISPUTES.get(row["state"], row["state"]),
            "end": words.RESOLUTIONS.get(row["resolution"] or "", row["resolution"] or ""),
            "opened": words.day(row["opened_on"]),
            "due": words.day(row["due_on"]),
            "resolved": words.day(row["resolved_on"]),
        }
        for row in reversed(rows)
    ]
