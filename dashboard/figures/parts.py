"""Parts that several pages share: cards with a number, chips, small tables, the stamp."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from dash import dcc, html

from dashboard import look


def card(title: str, value: str, note: str = "", colour: str = look.INK) -> html.Div:
    return html.Div(
        [
            html.Div(title, className="card-title-line"),
            html.Div(value, className="card-number", style={"color": colour}),
            html.Div(note, className="card-note"),
        ],
        className="number-card",
    )


def cards(items: Iterable[html.Div]) -> html.Div:
    return html.Div(list(items), className="number-cards")


def band(name: Any, prefix: str = "") -> html.Span:
    """A band as a chip in its colour."""
    colour = look.BAND_COLOURS.get(name, look.MUTED)
    text = "no score" if look.is_missing(name) else str(name)
    return html.Span(f"{prefix}{text}", className="chip", style={"backgroundColor": colour})


def tag(text: Any, colour: str = look.MUTED) -> html.Span:
    return html.Span(look.words(text), className="tag", style={"borderColor": colour})


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    numbers: Sequence[int] = (),
    nothing: str = "Nothing to show.",
) -> html.Div:
    """A small table; the columns in `numbers` stand to the right. Cells are text or components."""

    def cell(kind: type, column: int, content: Any) -> Any:
        return kind(content, className="numeric" if column in numbers else "")

    body = [html.Tr([cell(html.Td, i, each) for i, each in enumerate(row)]) for row in rows]
    if not body:
        return sentence(nothing)
    head = html.Thead(html.Tr([cell(html.Th, i, each) for i, each in enumerate(header)]))
    return html.Div(
        html.Table([head, html.Tbody(body)], className="small-table"), className="small-table-box"
    )


def sentence(text: str) -> html.Div:
    """Why there is nothing to see."""
    return html.Div(text, className="nothing")


def titled(title: str, *content: Any, note: str = "") -> html.Div:
    """Content under a title like that of a chart."""
    return html.Div(
        [
            html.H3(title, className="figure-title"),
            html.Div(note, className="figure-note") if note else None,
            *content,
        ],
        className="panel",
    )


def link(text: str, href: str) -> dcc.Link:
    return dcc.Link(text, href=href, className="plain-link")


def stamp(frame: pd.DataFrame) -> html.Div:
    """Which release the page shows, and how many partners the filters leave."""
    about = frame.iloc[0]
    chosen = f"{look.number(about.chosen)} of {look.number(about.partners)} partners"
    return html.Div(
        [
            html.Span(chosen, className="stamp-partners"),
            html.Span(f"as of {look.day(about.as_of)}"),
            html.Span(f"framework {about.framework}"),
            html.Span(f"release {about.release_id}", className="stamp-release"),
        ],
        className="stamp",
    )
