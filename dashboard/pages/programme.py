"""The page that opens first: how the programme stands, who moved, what to expect."""

import vizro.actions as va
import vizro.models as vm
from dash import html

from dashboard import components, controls
from dashboard.data import chosen, programme
from dashboard.drawn import DrawnPage
from dashboard.figures import parts
from dashboard.figures import programme as figures
from dashboard.pages import columns
from dashboard.reader import Reader

NAME = "programme"
ALL = dict.fromkeys(chosen.FILTERS, chosen.ALL)
SINCE = [{"label": "last week", "value": 1}, {"label": "a quarter ago", "value": 13}]
OUTCOMES = [
    {"label": "revenue score", "value": "revenue"},
    {"label": "engagement score", "value": "engagement"},
]
CELLS = [
    {"label": "All cells", "value": chosen.ALL},
    *(
        {"label": f"{r} revenue, {e} engagement", "value": f"{r} revenue, {e} engagement"}
        for r in ("high", "medium", "low")
        for e in ("high", "medium", "low")
    ),
]


def page(reader: Reader) -> DrawnPage:
    open_partner = va.set_controls(controls=controls.control_id("partner", "partner"), value="row")

    def forecast(**by: str) -> html.Div:
        quarters = programme.forecast(reader, **by)
        # A release from before there were forecasts has predictions only.
        if quarters.empty:
            return figures.expected(programme.expected(reader, **by))
        return figures.forecast(quarters)

    parts_of_page = [
        components.text(
            "programme_stamp", lambda **by: parts.stamp(chosen.stamp(reader, **by)), **ALL
        ),
        components.text(
            "programme_headlines",
            lambda **by: figures.headlines(programme.headlines(reader, **by)),
            **ALL,
        ),
        components.text(
            "programme_cells",
            lambda **by: figures.cells(programme.cells(reader, **by)),
            actions=[va.set_controls(controls=controls.control_id(NAME, "cell"), value="part")],
            **ALL,
        ),
        components.text(
            "programme_scores", lambda **by: figures.scores(programme.scores(reader, **by)), **ALL
        ),
        components.text(
            "programme_movers",
            lambda **by: figures.movers(programme.movers(reader, **by), by["outcome"]),
            outcome="revenue",
            weeks_back=1,
            **ALL,
        ),
        components.text("programme_forecast", forecast, **ALL),
        components.grid(
            "programme_actions",
            "What to do, what is due first on top (click one to open the partner)",
            lambda **by: programme.actions(reader, **by),
            columns.ACTIONS,
            actions=[
                va.set_controls(
                    controls=controls.control_id("partner", "partner"), value="partner_id"
                )
            ],
            **ALL,
        ),
        components.grid(
            "programme_partners",
            "Partners (click one to open it)",
            lambda **by: programme.listed(reader, **by),
            columns.PARTNERS,
            actions=[open_partner],
            cell=chosen.ALL,
            **ALL,
        ),
        components.text(
            "programme_data",
            lambda: figures.data_status(programme.data_status(reader), programme.checks(reader)),
        ),
    ]
    filtered = [part.id for part in parts_of_page[:-1]]
    return DrawnPage(
        id=NAME,
        title="Programme",
        path="/",
        components=parts_of_page,
        layout=components.layout(
            ((0,), 1), ((1,), 3), ((2, 3), 9), ((4, 5), 9), ((6,), 12), ((7,), 14), ((8,), 17)
        ),
        controls=[
            *controls.filters(reader, NAME, filtered),
            controls.parameter(
                NAME,
                "cell",
                ["programme_partners"],
                vm.Dropdown(title="Cell of the list", options=CELLS, value="all", multi=False),
            ),
            controls.parameter(
                NAME,
                "outcome",
                ["programme_movers"],
                vm.RadioItems(title="Movers of the", options=OUTCOMES, value="revenue"),
            ),
            controls.parameter(
                NAME,
                "weeks_back",
                ["programme_movers"],
                vm.RadioItems(title="since", options=SINCE, value=1),
            ),
        ],
    )
