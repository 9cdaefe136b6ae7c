"""How everything looks: colours with one meaning each, numbers in words, an empty chart.

Bands, outcomes and layers keep their colour on every page. Text from data that Plotly shows passes
through `plain`, because Plotly reads a few tags of HTML; Dash escapes what it shows by itself.
"""

import html
import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

BANDS = ("low", "medium", "high")
BAND_COLOURS = {"low": "#C8553D", "medium": "#E8A33D", "high": "#1F8A70"}
OUTCOME_COLOURS = {"revenue": "#2563A8", "engagement": "#7B4FA3"}
LAYER_COLOURS = {
    "strategy": "#8FA3BF",
    "execution": "#4C78A8",
    "results": "#1F4E79",
    "adjustment": "#C9A227",
}
UP, DOWN, MUTED, INK, FAINT = "#1F8A70", "#C8553D", "#97A1B0", "#1D222E", "#E6EAF0"
SCALE = ((0.0, "#F3F6FA"), (0.5, "#8FB4D9"), (1.0, "#1F4E79"))
NOTHING = "—"


def shade(share: float) -> dict[str, str]:
    """A colour of `SCALE` for 0 to 1, and that of text which can be read on it."""
    left = [(at, colour) for at, colour in SCALE if at <= share][-1]
    right = next((at, colour) for at, colour in SCALE if at >= share)
    part = (share - left[0]) / (right[0] - left[0]) if right[0] > left[0] else 0.0
    mixed = [
        round(int(low, 16) + part * (int(high, 16) - int(low, 16)))
        for low, high in zip(_bytes(left[1]), _bytes(right[1]), strict=True)
    ]
    light = 0.299 * mixed[0] + 0.587 * mixed[1] + 0.114 * mixed[2] > 140
    return {
        "backgroundColor": f"rgb({mixed[0]}, {mixed[1]}, {mixed[2]})",
        "color": INK if light else "#FFFFFF",
    }


def _bytes(colour: str) -> tuple[str, str, str]:
    return colour[1:3], colour[3:5], colour[5:7]


def plain(text: Any) -> str:
    """A text from data, for Plotly: its tags are shown, not obeyed."""
    return html.escape(str(text), quote=False)


def words(name: Any) -> str:
    """A name of policy or SQL as a reader would say it."""
    return NOTHING if is_missing(name) else str(name).replace("_", " ")


def is_missing(value: Any) -> bool:
    return bool(pd.isna(value))


def number(value: Any, digits: int = 0) -> str:
    """1234.5 as 1,234; nothing as a dash."""
    return NOTHING if is_missing(value) else f"{value:,.{digits}f}"


def signed(value: Any, digits: int = 1) -> str:
    return NOTHING if is_missing(value) else f"{value:+,.{digits}f}"


def share(value: Any, digits: int = 0) -> str:
    return NOTHING if is_missing(value) else f"{value * 100:.{digits}f}%"


def money(value: Any) -> str:
    """Three digits that matter: 12.3M, 456k, 789. The currency stands in the title."""
    if is_missing(value):
        return NOTHING
    for size, unit in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            digits = max(0, 2 - int(math.log10(abs(value) / size)))
            return f"{value / size:.{digits}f}{unit}"
    return f"{value:.0f}"


def in_unit(value: Any, unit: str) -> str:
    """The value of a metric in its unit."""
    if is_missing(value):
        return "not observed"
    if unit == "ratio":
        return share(value)
    if unit.startswith("currency"):
        return money(value)
    text = number(value, 0 if float(value).is_integer() else 1)
    return f"{text} {unit}" if unit.isalpha() else text


def day(value: Any) -> str:
    return NOTHING if is_missing(value) else f"{value:%d %b %Y}".lstrip("0")


def empty(sentence: str) -> go.Figure:
    """A chart that says why there is none."""
    figure = go.Figure()
    figure.add_annotation(
        text=plain(sentence), showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper",
        font={"size": 14, "color": MUTED},
    )  # fmt: skip
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return finished(figure)


def finished(
    figure: go.Figure, *, left: int = 12, bottom: int = 36, top: int = 8, right: int = 12
) -> go.Figure:
    """What all charts share. A click is an event and nothing is selected, so it can be repeated."""
    figure.update_layout(
        margin={"l": left, "r": right, "t": top, "b": bottom},
        clickmode="event",
        hoverlabel={"align": "left"},
        modebar={"remove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"]},
        uniformtext={"minsize": 9, "mode": "show"},
    )
    if len(figure.data) == 1:
        figure.update_layout(showlegend=False)
    axis = {"title_font_size": 12, "tickfont_size": 11}
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    return figure


def legend_above() -> dict[str, Any]:
    return {
        "orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "title": {"text": ""},
        "font": {"size": 11},
    }  # fmt: skip
