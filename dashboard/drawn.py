"""A page whose figures come with it, instead of being asked for once it is there.

Vizro sends a page with empty places and a second request fills them. The page that opens first
saves the reader that: it is drawn for what its address says, or else for what its controls hold at
first. Only if the browser then sets its controls otherwise (a filter that was set on another page),
the second request follows. Charts of Plotly cannot come like this: Vizro gives them their theme
when an answer arrives.

Its lists come along too, but are put in their places a moment after the figures are on the screen:
they lie below, and the grid takes the browser as long as everything above them.
"""

from typing import Any

import vizro.models as vm
from dash import Input, State, clientside_callback, ctx, dcc
from dash.development.base_component import Component
from dash.exceptions import MissingCallbackContextException
from vizro._constants import ON_PAGE_LOAD_ACTION_PREFIX

from dashboard import links

# Vizro sets the controls when the page opens and then its trigger, which this is asked after. The
# guard is Vizro's: while it holds, what Dash runs because a component is new does nothing.
OPENED = """(_, controls, drawn, lists, differs) => {
    const isOther = ([id, value]) =>
        JSON.stringify((controls[id] || {}).currentValue) !== JSON.stringify(value);
    if (Object.entries(drawn).some(isOther)) {
        dash_clientside.set_props(`${differs}_guard_actions_chain`, {data: false});
        dash_clientside.set_props(differs, {data: Date.now()});
        return;
    }
    requestAnimationFrame(() => setTimeout(() => {
        for (const id in lists) dash_clientside.set_props(id, {children: lists[id]});
    }));
}"""


class DrawnPage(vm.Page):
    """Figures and tables only. Draws them again when it opens with controls set otherwise."""

    @property
    def _action_triggers(self) -> dict[str, str]:
        return {"__default__": f"{self.id}_differs.data"}

    @property
    def _actions_chain_fires_on_load(self) -> bool:
        return False

    def pre_build(self) -> None:
        super().pre_build()
        clientside_callback(
            OPENED,
            Input(f"{ON_PAGE_LOAD_ACTION_PREFIX}_trigger_{self.id}", "data"),
            State("vizro_controls_store", "data"),
            State(f"{self.id}_drawn", "data"),
            State(f"{self.id}_lists", "data"),
            State(f"{self.id}_differs", "id"),
            hidden=True,
        )

    def build(self) -> Component:
        page = super().build()
        try:
            search = ctx.inputs.get("_pages_location.search")
        except MissingCallbackContextException:
            return page  # Built once when the server starts: nobody looks at it.
        drawn = self._values(search or "")
        lists = {}
        for part in self.components:
            content = part(**self._arguments(part.id, drawn))
            if isinstance(part, vm.Table):
                lists[part.id] = content
            else:
                page[part.id].children = content
        stores = {
            "drawn": drawn, "lists": lists, "differs": None, "differs_guard_actions_chain": True,
        }  # fmt: skip
        page["page-components"].children += [
            dcc.Store(id=f"{self.id}_{name}", data=data) for name, data in stores.items()
        ]
        return page

    def _values(self, search: str) -> dict[str, Any]:
        """What each control will hold, unless the browser knows better."""
        given = links.read(search)
        first = {control.id: control.selector.value for control in self.controls}
        return {
            name: given[name] if isinstance(given.get(name), type(value)) else value
            for name, value in first.items()
        }

    def _arguments(self, part: str, drawn: dict[str, Any]) -> dict[str, Any]:
        """What a figure is asked with: its controls name it and the argument that they set."""
        return {
            target.removeprefix(f"{part}."): drawn[control.id]
            for control in self.controls
            for target in control.targets
            if target.startswith(f"{part}.")
        }
