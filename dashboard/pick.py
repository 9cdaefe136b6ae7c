"""Figures whose parts can be clicked: a click gives the name of the part to the figure's actions.

Vizro knows clicks on charts of Plotly and on a figure as a whole; this is the same for a figure of
plain elements.
"""

from typing import Any

import vizro.models as vm
from dash import ALL, Input, Output, clientside_callback, dcc, html
from dash.development.base_component import Component

# Buttons that are drawn anew come without a click. The time makes a second click on a part another.
PICKED = """(clicks) => {
    const by = dash_clientside.callback_context.triggered[0];
    const id = dash_clientside.callback_context.triggered_id;
    return by && by.value ? {part: id.part, at: Date.now()} : dash_clientside.no_update;
}"""


def button(figure: str, part: str, content: Any, **look: Any) -> html.Button:
    """A part of `figure` that can be clicked."""
    return html.Button(content, id={"figure": figure, "part": part}, type="button", **look)


class Pickable(vm.Figure):
    """A figure that holds such buttons. The value of `set_controls` is the part's name."""

    @property
    def _action_triggers(self) -> dict[str, str]:
        return {"__default__": f"{self.id}_picked.data"}

    @staticmethod
    def _get_value_from_trigger(value: Any, trigger: Any) -> Any:
        return trigger["part"]

    def pre_build(self) -> None:
        clientside_callback(
            PICKED,
            Output(f"{self.id}_picked", "data"),
            Input({"figure": self.id, "part": ALL}, "n_clicks"),
            prevent_initial_call=True,
            hidden=True,
        )

    def build(self) -> Component:
        return html.Div([dcc.Store(id=f"{self.id}_picked"), super().build()], className="pickable")
