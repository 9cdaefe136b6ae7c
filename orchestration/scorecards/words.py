"""Numbers, dates and states in plain words. Nothing is read or decided here."""

from datetime import date, datetime
from typing import Any

OUTCOMES = {
    "revenue": ("Revenue", "how much revenue to expect of the partnership"),
    "engagement": ("Engagement", "how actively we work together"),
}
BANDS = {"low": "Low", "medium": "Medium", "high": "High"}
MILESTONES = {
    "reached in time": "reached in time",
    "reached late": "reached later than expected",
    "open": "still ahead",
    "overdue": "overdue",
    "contract ended": "not reached before the contract ended",
}
DISPUTES = {
    "open": "waiting for our answer",
    "overdue": "our answer is overdue",
    "answered in time": "answered",
    "answered late": "answered late",
}
RESOLUTIONS = {
    "upheld": "you were right; the source corrects it",
    "corrected": "you were right; it has been corrected",
    "rejected": "the record was found right",
}
STATES = {
    "observed": "",
    "not yet observed": "not observed yet; a typical value stands in",
    "held": "its source is interrupted; the last value stays",
}


def day(value: Any) -> str:
    """28 June 2026."""
    if value is None:
        return ""
    on = value.date() if isinstance(value, datetime) else value
    assert isinstance(on, date)
    return f"{on.day} {on:%B %Y}"


def amount(value: float | None, unit: str, currency: str) -> str:
    """A value in its unit; empty if there is none."""
    if value is None:
        return ""
    if unit == "ratio":
        return f"{100 * value:.0f}%"
    if unit.startswith("currency"):
        return f"{value:,.0f} {currency}{unit.removeprefix('currency')}"
    number = f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"
    if unit.startswith(("points", "1 to")):
        return f"{number} ({unit})"
    return f"{number} {_one(unit) if number == '1' else unit}"


def _one(unit: str) -> str:
    """The unit of 1: day, activity."""
    return unit.removesuffix("ies") + "y" if unit.endswith("ies") else unit.removesuffix("s")


def needed(value: float, unit: str, better: str, currency: str) -> str:
    """A value to reach, rounded so that the rounded one is enough."""
    from math import ceil, floor

    towards = floor if better == "lower" else ceil
    if unit == "ratio":
        return f"{towards(100 * value - 1e-9 if towards is ceil else 100 * value + 1e-9)}%"
    if unit.startswith("currency"):
        step = 100 if value >= 1000 else 1
        return amount(towards(value / step) * step, unit, currency)
    return amount(towards(value), unit, currency)


def points(value: float) -> str:
    return f"{value:.1f}"


def change(value: float) -> str:
    """+1.2, and 0.0 without a sign."""
    rounded = round(value, 1)
    return f"{rounded:+.1f}".replace("-", "\N{MINUS SIGN}") if rounded else "0.0"


def share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f}%"


def plain(name: str) -> str:
    """first_deal_won as `First deal won`."""
    return name.replace("_", " ").capitalize()


def kind(segment: str) -> str:
    """a services partner; an integration partner; of the segment for all, a partner like most."""
    if segment == "baseline":
        return "a partner like most"
    return f"{'an' if segment[:1] in 'aeiou' else 'a'} {segment.replace('_', ' ')} partner"
