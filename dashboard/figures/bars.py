"""Charts that are plain elements of the page: bars, their legend and what stands on them.

The page that opens first is drawn with these, because Plotly alone takes a browser longer to read
than the whole page may take. Numbers stand beside their bars, so nothing has to be pointed at;
what else there is to say is the `title` that a browser shows over a bar. Dash escapes all text.

Every component costs the browser time, so a bar is one: its colours are a gradient of its
background, and what a style sheet can draw beside it, it draws.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import look

Parts = Sequence[tuple[str, float]]


def percent(value: float, of: float) -> str:
    """A length in CSS; what is below zero has none."""
    return f"{max(0.0, 100 * float(value) / of):.2f}%" if of else "0%"


def stacked(parts: Parts, direction: str) -> str:
    """The background of a bar: one colour after the other, each as long as its share."""
    total, done, stops = sum(amount for _, amount in parts), 0.0, []
    for colour, amount in parts:
        if amount > 0:
            stops.append(f"{colour} {percent(done, total)} {percent(done + amount, total)}")
            done += amount
    return f"linear-gradient(to {direction}, {', '.join(stops)})"


def legend(colours: Mapping[str, str], marks: Mapping[str, str] | None = None) -> html.Div:
    """What colours mean; `marks` are those of diamonds."""
    keys = [("legend-key", name, colour) for name, colour in colours.items()]
    keys += [("legend-key legend-mark", name, colour) for name, colour in (marks or {}).items()]
    return html.Div(
        [html.Span(name, className=kind, style={"--colour": hue}) for kind, name, hue in keys],
        className="legend-line",
    )


def column(parts: Parts, of: float, title: str) -> html.Div:
    """One upright bar of coloured parts, lowest first, under their sum."""
    total = sum(amount for _, amount in parts)
    if not total:
        return html.Div(title=title)
    style = {"height": percent(total, of), "background": stacked(parts, "top")}
    return html.Div(f"{total:,.0f}", style=style, title=title)


def columns(bars: Sequence[html.Div], title: str, ticks: Sequence[str]) -> html.Div:
    """Upright bars beside each other over an axis whose ticks lie at equal distances."""
    return html.Div(
        [
            html.Div(title, className="columns-title"),
            html.Div(list(bars), className="columns"),
            html.Div([html.Span(each) for each in ticks], className="ticks"),
        ],
        className="columns-box",
    )


def row(
    name: str, parts: Parts, of: float, value: str,
    note: str = "", marks: Iterable[Component] = (), title: str = "",
) -> html.Div:  # fmt: skip
    """One lying bar of coloured parts with its value, and a line of words under it."""
    total = sum(amount for _, amount in parts)
    bar = {"width": percent(total, of), "background": stacked(parts, "right")} if total else {}
    return html.Div(
        [
            html.Div(name, className="bar-name"),
            html.Div([html.Div(style=bar, className="bar"), *marks], className="bar-track"),
            html.Div(value, className="bar-value"),
            html.Div(note, className="bar-note") if note else None,
        ],
        className="bar-row",
        title=title,
    )


def interval(low: Any, high: Any, of: float) -> list[html.Div]:
    """A whisker over a bar, if both ends are known."""
    if look.is_missing(low) or look.is_missing(high):
        return []
    style = {"left": percent(low, of), "width": percent(high - low, of)}
    return [html.Div(className="whisker", style=style)]


def mark(value: Any, of: float, colour: str) -> list[html.Div]:
    """A diamond on a bar, if there is anything to mark."""
    if look.is_missing(value):
        return []
    return [html.Div(className="diamond", style={"left": percent(value, of), "--colour": colour})]


def change(name: Component, value: float, reach: float, label: str, title: str) -> html.Div:
    """A bar to the right of the middle for a rise, to the left for a fall."""
    side = "rise" if value > 0 else "fall"
    bar = html.Div(label, className=f"change {side}", style={"--long": percent(abs(value), reach)})
    return html.Div([name, bar], className="change-row", title=title)
