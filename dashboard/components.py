"""Parts of a page that are drawn from the release whenever the page opens or a control changes.

Vizro hands a figure a frame of data that it loads; here a figure asks the release by itself, for
what the controls say, so that rows are filtered where they lie. The frame is an empty one.
"""

from collections.abc import Callable, Sequence
from typing import Any

import dash_ag_grid as dag
import pandas as pd
import plotly.graph_objects as go
import vizro.models as vm
from dash.development.base_component import Component
from vizro.models.types import capture
from vizro.tables import dash_ag_grid

from dashboard.pick import Pickable

LINE = "28px"
NO_FRAME = pd.DataFrame({"nothing": []})


@capture("graph")
def _graph(data_frame: pd.DataFrame, draw: Callable[..., go.Figure], **chosen: Any) -> go.Figure:
    return draw(**chosen)


@capture("figure")
def _text(data_frame: pd.DataFrame, write: Callable[..., Component], **chosen: Any) -> Component:
    return write(**chosen)


@capture("ag_grid")
def _grid(
    data_frame: pd.DataFrame,
    ask: Callable[..., pd.DataFrame],
    options: dict[str, Any],
    **chosen: Any,
) -> dag.AgGrid:
    # The function under `capture` of Vizro's own grid, for its look.
    return dash_ag_grid.__wrapped__(ask(**chosen), **options)


def graph(
    name: str, title: str, draw: Callable[..., go.Figure], actions: Sequence[Any] = (),
    note: str = "", **chosen: Any,
) -> vm.Graph:  # fmt: skip
    """A chart; `chosen` are its arguments that controls may change, with what they are at first."""
    return vm.Graph(
        id=name,
        title=title,
        figure=_graph(NO_FRAME, draw=draw, **chosen),
        actions=list(actions),
        footer=note,
        extra={"config": {"displaylogo": False, "displayModeBar": False}},
    )


def text(
    name: str, write: Callable[..., Component], actions: Sequence[Any] = (), **chosen: Any
) -> vm.Figure:
    """Cards, tables, sentences and charts of plain elements; `actions` follow clicks on parts."""
    figure = _text(NO_FRAME, write=write, **chosen)
    if not actions:
        return vm.Figure(id=name, figure=figure)
    return Pickable(id=name, figure=figure, actions=list(actions))


def grid(
    name: str, title: str, ask: Callable[..., pd.DataFrame], options: dict[str, Any],
    actions: Sequence[Any] = (), note: str = "", **chosen: Any,
) -> vm.Table:  # fmt: skip
    """A table that can be sorted and searched."""
    return vm.Table(
        id=name,
        title=title,
        figure=_grid(NO_FRAME, ask=ask, options=options, **chosen),
        actions=list(actions),
        footer=note,
    )


def layout(*rows: tuple[tuple[int, ...], int]) -> vm.Grid:
    """Rows of parts beside each other: (parts by place, height in lines). Parts share the width."""
    grid = []
    for places, lines in rows:
        width = 12 // len(places)
        grid += [[place for place in places for _ in range(width)]] * lines
    return vm.Grid(grid=grid, row_min_height=LINE, row_gap="8px", col_gap="16px")
