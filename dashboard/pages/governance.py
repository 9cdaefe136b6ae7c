"""What was checked, what drifts, and who decided what."""

import plotly.graph_objects as go
import vizro.models as vm

from dashboard import components, controls
from dashboard.data import chosen, governance
from dashboard.figures import governance as figures
from dashboard.figures import parts
from dashboard.pages.programme import ALL
from dashboard.reader import Reader

NAME = "governance"
DRIFTS = [
    {"label": "sources: records a week", "value": "source"},
    {"label": "metrics: their level", "value": "metric"},
]


def page(reader: Reader) -> vm.Page:
    def drift(kind: str) -> go.Figure:
        asked = governance.source_drift if kind == "source" else governance.metric_drift
        return figures.heat(asked(reader), kind)

    parts_of_page = [
        components.text("governance_stamp", lambda: parts.stamp(chosen.stamp(reader, **ALL))),
        components.text(
            "governance_headline",
            lambda: figures.headline(
                governance.checks(reader),
                governance.source_drift(reader),
                governance.versions(reader),
            ),
        ),
        components.text(
            "governance_checks",
            lambda: figures.checks(governance.checks(reader), governance.failed_checks(reader)),
        ),
        components.graph(
            "governance_populations",
            "How far distributions moved since approval (index)",
            lambda: figures.populations(governance.population_drift(reader)),
        ),
        components.graph(
            "governance_drift",
            "Unusual weeks (distance from the usual, in standard deviations)",
            drift,
            kind="source",
        ),
        components.graph(
            "governance_fairness",
            "What came of what was expected, by group (ratio)",
            lambda: figures.fairness(governance.fairness(reader)),
        ),
        components.text(
            "governance_versions", lambda: figures.versions(governance.versions(reader))
        ),
        components.text("governance_signals", lambda: figures.signals(governance.signals(reader))),
        components.text(
            "governance_decisions", lambda: figures.decisions(governance.decisions(reader))
        ),
        components.text(
            "governance_reviews",
            lambda: figures.reviews(governance.reviews(reader), governance.set_aside(reader)),
        ),
    ]
    return vm.Page(
        id=NAME,
        title="Governance",
        path="/governance",
        components=parts_of_page,
        layout=components.layout(
            ((0,), 1), ((1,), 3), ((2, 3), 10), ((4, 5), 14), ((6,), 6), ((7,), 5), ((8, 9), 16)
        ),
        controls=[
            controls.parameter(
                NAME,
                "kind",
                ["governance_drift"],
                vm.RadioItems(title="Unusual weeks of", options=DRIFTS, value="source"),
            ),
        ],
    )
