"""What would be: a scenario beside what is, and how much hangs on a weight."""

import vizro.actions as va
import vizro.models as vm

from dashboard import components, controls
from dashboard.data import chosen, scenarios
from dashboard.figures import parts
from dashboard.figures import scenarios as figures
from dashboard.pages import columns
from dashboard.pages.programme import ALL, OUTCOMES
from dashboard.reader import Reader

NAME = "scenarios"


def page(reader: Reader) -> vm.Page:
    offered = scenarios.options(reader)
    first = offered[0]["value"] if offered else ""
    given = {"scenario": first, "outcome": "revenue", **ALL}
    parts_of_page = [
        components.text(
            "scenarios_stamp", lambda **by: parts.stamp(chosen.stamp(reader, **by)), **ALL
        ),
        components.text(
            "scenarios_headline",
            lambda **by: figures.headline(
                scenarios.definition(reader, scenario=by["scenario"]),
                scenarios.summary(reader, **by),
            ),
            **given,
        ),
        components.graph(
            "scenarios_segments",
            "Mean change of the score by segment (points)",
            lambda **by: figures.segments(scenarios.summary(reader, **by)),
            **given,
        ),
        components.text(
            "scenarios_changes",
            lambda **by: figures.changes(scenarios.definition(reader, **by)),
            scenario=first,
        ),
        components.grid(
            "scenarios_partners",
            "Partners that it moves (click one to open it)",
            lambda **by: scenarios.partners(reader, **by),
            columns.SCENARIO_PARTNERS,
            actions=[
                va.set_controls(controls=controls.control_id("partner", "partner"), value="row")
            ],
            **given,
        ),
        components.graph(
            "scenarios_weights",
            "What hangs on one weight (mean move of scores, points)",
            lambda **by: figures.weights(scenarios.weights(reader, **by)),
            note="The twelve weights that matter most. Filters leave it alone.",
            outcome="revenue",
        ),
        components.text(
            "scenarios_alternatives",
            lambda **by: figures.alternatives(scenarios.alternatives(reader, **by)),
            outcome="revenue",
            **ALL,
        ),
    ]
    filtered = [
        "scenarios_stamp", "scenarios_headline", "scenarios_segments", "scenarios_partners",
        "scenarios_alternatives",
    ]  # fmt: skip
    return vm.Page(
        id=NAME,
        title="Scenarios",
        path="/scenarios",
        components=parts_of_page,
        layout=components.layout(((0,), 1), ((1,), 3), ((2, 3), 8), ((4,), 13), ((5, 6), 11)),
        controls=[
            *controls.filters(reader, NAME, filtered),
            controls.parameter(
                NAME,
                "scenario",
                [
                    "scenarios_headline", "scenarios_segments", "scenarios_changes",
                    "scenarios_partners",
                ],
                controls.dropdown("Scenario", lambda: scenarios.options(reader), value=first),
            ),
            controls.parameter(
                NAME,
                "outcome",
                [
                    "scenarios_headline", "scenarios_segments", "scenarios_partners",
                    "scenarios_weights", "scenarios_alternatives",
                ],
                vm.RadioItems(title="Score", options=OUTCOMES, value="revenue"),
            ),
        ],
    )  # fmt: skip
