"""Controls of the pages: what can be chosen comes from the release that is served when they open.

A filter that is on several pages is one choice: what is set on one page holds on the others.
"""

from collections.abc import Callable, Sequence
from typing import Any

import vizro.models as vm
from dash.development.base_component import Component
from pydantic import PrivateAttr

from dashboard.data import chosen
from dashboard.reader import Reader

Options = Callable[[], list[dict[str, str]]]
FILTERED = ("programme", "segments", "scenarios")
TITLES = {"segment": "Segment", "tier": "Tier", "region": "Region", "cohort": "Intake (half-year)"}


def control_id(page: str, name: str) -> str:
    """The name of a control in the page and in the address."""
    return f"{page}-{name}"


class FreshDropdown(vm.Dropdown):
    """A dropdown whose options are read when its page opens, not once when the server starts."""

    _fresh: Options = PrivateAttr()

    def build(self) -> Component:
        return self(self._fresh())


def dropdown(title: str, options: Options, value: str | None = None) -> FreshDropdown:
    offered = options()
    selector = FreshDropdown(title=title, options=offered, value=value, multi=False)
    selector._fresh = options
    return selector


def parameter(
    page: str, name: str, figures: Sequence[str], selector: Any, also: Sequence[str] = ()
) -> vm.Parameter:
    """A control of a page: an argument of the figures, kept in the address."""
    return vm.Parameter(
        id=control_id(page, name),
        targets=[*(f"{figure}.{name}" for figure in figures), *also],
        selector=selector,
        show_in_url=True,
    )


def filters(reader: Reader, page: str, figures: Sequence[str]) -> list[vm.Parameter]:
    """The four filters of a page. They follow those of the other pages."""

    def options(name: str) -> Options:
        return lambda: chosen.options(reader, name)

    return [
        parameter(
            page,
            name,
            figures,
            dropdown(TITLES[name], options(name), value=chosen.ALL),
            also=[control_id(other, name) for other in FILTERED if other != page],
        )
        for name in chosen.FILTERS
    ]
