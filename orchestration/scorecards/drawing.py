"""The pictures of a scorecard as inline SVG: no script, no style from elsewhere, a text for each.

Presentation attributes only, which browsers and WeasyPrint understand alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

Row = Mapping[str, Any]
WIDTH, HEIGHT = 720, 190
LEFT, RIGHT, TOP, BOTTOM = 30, 10, 12, 34
OWN, COHORT, MEDIAN, GRID, TEXT = "#0b5394", "#d7e3ee", "#6b8299", "#e3e6ea", "#4a5560"
BAND_COLOURS = ("#f4e9e3", "#f7f1dc", "#e2f0e6")
TICKS = (0, 25, 50, 75, 100)
FONT = 'font-family="Liberation Sans, Helvetica, Arial, sans-serif" font-size="10"'
WEEKS_BETWEEN = (4, 8, 13, 26, 52, 104)
MOST_WEEKS = 8  # labels on the axis


def trajectory(
    outcome: str,
    rows: Sequence[Row],
    milestones: Sequence[Row],
    *,
    least_cohort: int,
    cuts: Mapping[str, float],
    text: str,
) -> Markup:
    """Own score by week of tenure; behind it the middle half of comparable partners."""
    last = max([13, *(row["tenure_week"] for row in rows)])

    def x(week: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * week / last

    parts = [_grid(x, last, cuts)]
    cohort = [
        row
        for row in rows
        if row["cohort_partners"] >= least_cohort and row[f"{outcome}_median"] is not None
    ]
    for run in _runs(cohort):
        upper = [(x(row["tenure_week"]), _y(row[f"{outcome}_upper_quartile"])) for row in run]
        lower = [(x(row["tenure_week"]), _y(row[f"{outcome}_lower_quartile"])) for row in run]
        parts.append(
            f'<path d="{_path([*upper, *reversed(lower)])} Z" fill="{COHORT}" fill-opacity="0.8"/>'
        )
        middle = [(x(row["tenure_week"]), _y(row[f"{outcome}_median"])) for row in run]
        parts.append(
            f'<path d="{_path(middle)}" fill="none" stroke="{MEDIAN}" stroke-width="1" '
            'stroke-dasharray="4 3"/>'
        )
    own = [
        row
        for row in rows
        if row["status"] in ("published", "stale") and row[f"{outcome}_score"] is not None
    ]
    for run in _runs(own):
        line = [(x(row["tenure_week"]), _y(row[f"{outcome}_score"])) for row in run]
        parts.append(
            f'<path d="{_path(line)}" fill="none" stroke="{OWN}" stroke-width="2.2" '
            'stroke-linejoin="round"/>'
        )
    if own:
        end = x(own[-1]["tenure_week"]), _y(own[-1][f"{outcome}_score"])
        parts.append(f'<circle cx="{end[0]:.1f}" cy="{end[1]:.1f}" r="3.4" fill="{OWN}"/>')
    parts += _marks(x, last, milestones)
    return _picture(WIDTH, HEIGHT, text, parts, f"trajectory-{outcome}")


def scale(score: float | None, cuts: Mapping[str, float], text: str, name: str) -> Markup:
    """A score on the scale from 0 to 100 with the bands behind it."""
    edges = [*sorted(cuts.values()), 100.0]
    parts = []
    for place, (low, high) in enumerate(pairwise(edges)):
        parts.append(
            f'<rect x="{3 * low:.1f}" y="6" width="{3 * (high - low):.1f}" height="10" '
            f'fill="{BAND_COLOURS[place % 3]}" stroke="#c6ccd2" stroke-width="0.6"/>'
        )
        if low:
            parts.append(
                f'<text x="{3 * low:.1f}" y="28" {FONT} fill="{TEXT}" text-anchor="middle">'
                f"{low:.0f}</text>"
            )
    parts += [
        f'<text x="0" y="28" {FONT} fill="{TEXT}">0</text>',
        f'<text x="300" y="28" {FONT} fill="{TEXT}" text-anchor="end">100</text>',
    ]
    if score is not None:
        at = min(max(3 * score, 2), 298)
        parts.append(f'<rect x="{at - 2:.1f}" y="2" width="4" height="18" rx="1" fill="{OWN}"/>')
    return _picture(300, 32, text, parts, f"scale-{name}")


def bar(share: float) -> Markup:
    """How much of the possible points is there; said beside it in figures, so not read out."""
    width = 60 * min(max(share, 0), 1)
    return Markup(
        '<svg class="bar" viewBox="0 0 60 8" width="60" height="8" aria-hidden="true">'
        f'<rect x="0" y="0" width="60" height="8" rx="2" fill="{GRID}"/>'
        f'<rect x="0" y="0" width="{width:.1f}" height="8" rx="2" fill="{OWN}"/></svg>'
    )


def _grid(x: Any, last: int, cuts: Mapping[str, float]) -> str:
    lines = []
    edges = [*sorted(cuts.values()), 100.0]
    for place, (low, high) in enumerate(pairwise(edges)):
        lines.append(
            f'<rect x="{LEFT}" y="{_y(high):.1f}" width="{WIDTH - LEFT - RIGHT}" '
            f'height="{_y(low) - _y(high):.1f}" fill="{BAND_COLOURS[place % 3]}" '
            'fill-opacity="0.45"/>'
        )
    for tick in TICKS:
        lines.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{_y(tick):.1f}" y2="{_y(tick):.1f}" '
            f'stroke="{GRID}" stroke-width="1"/>'
            f'<text x="{LEFT - 5}" y="{_y(tick) + 3.5:.1f}" {FONT} fill="{TEXT}" '
            f'text-anchor="end">{tick}</text>'
        )
    step = next((each for each in WEEKS_BETWEEN if last / each <= MOST_WEEKS), 208)
    for week in range(0, last + 1, step):
        lines.append(
            f'<text x="{x(week):.1f}" y="{HEIGHT - 4}" {FONT} fill="{TEXT}" '
            f'text-anchor="middle">week {week}</text>'
        )
    return "".join(lines)


def _marks(x: Any, last: int, milestones: Sequence[Row]) -> list[str]:
    """Numbers of milestones below the weeks in which they were reached; close ones are stacked to
    the right."""
    parts = []
    free = 0.0
    base = HEIGHT - BOTTOM
    reached = [row for row in milestones if row["reached_week"] is not None]
    for row in sorted(reached, key=lambda each: (each["reached_week"], each["sequence"])):
        if row["reached_week"] > last:
            continue
        week = x(row["reached_week"])
        at = max(week, free)
        free = at + 13
        parts.append(
            f'<line x1="{week:.1f}" x2="{week:.1f}" y1="{base}" y2="{base + 4}" stroke="{TEXT}" '
            f'stroke-width="0.8"/><circle cx="{at:.1f}" cy="{base + 10}" r="6" fill="#ffffff" '
            f'stroke="{TEXT}" stroke-width="0.8"/><text x="{at:.1f}" y="{base + 13.2}" '
            'font-family="Liberation Sans, Helvetica, Arial, sans-serif" font-size="9" '
            f'fill="{TEXT}" text-anchor="middle">{row["sequence"]}</text>'
        )
    return parts


def _y(score: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (100 - min(max(score, 0), 100)) / 100


def _runs(rows: Sequence[Row]) -> Iterable[list[Row]]:
    """Rows in unbroken weeks: a gap is a gap in the line."""
    run: list[Row] = []
    for row in rows:
        if run and row["tenure_week"] != run[-1]["tenure_week"] + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _path(places: Sequence[tuple[float, float]]) -> str:
    if len(places) == 1:  # a single week is a short dash
        ((left, top),) = places
        places = [(left - 1.5, top), (left + 1.5, top)]
    return "M " + " L ".join(f"{left:.1f} {top:.1f}" for left, top in places)


def _picture(width: int, height: int, text: str, parts: Sequence[str], name: str) -> Markup:
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{escape(name)}"><title id="{escape(name)}">{escape(text)}</title>'
        + "".join(parts)
        + "</svg>"
    )
