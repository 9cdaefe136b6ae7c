"""One partner: from its scores to the drivers, and from a driver to the records behind it."""

import vizro.actions as va
import vizro.models as vm

from dashboard import components, controls
from dashboard.data import chosen, partner
from dashboard.figures import partner as figures
from dashboard.figures import partner_charts as charts
from dashboard.figures import parts
from dashboard.pages import columns
from dashboard.pages.programme import ALL, OUTCOMES
from dashboard.reader import Reader

NAME = "partner"


def page(reader: Reader) -> vm.Page:
    offered = chosen.partners(reader)
    first = offered[0]["value"] if offered else ""
    one = {"partner": first}
    scored = {"partner": first, "outcome": "revenue"}
    driver = {"partner": first, "metric": "active_weeks_rate"}
    components_of_page = [
        components.text("partner_stamp", lambda: parts.stamp(chosen.stamp(reader, **ALL))),
        components.text(
            "partner_headline",
            lambda **by: figures.headline(partner.scorecard(reader, **by)),
            **one,
        ),
        components.text(
            "partner_actions",
            lambda **by: figures.actions(partner.actions(reader, **by)),
            **one,
        ),
        components.graph(
            "partner_trajectory",
            "Score by week of the contract, beside its segment (points)",
            lambda **by: charts.trajectory(
                partner.trajectory(reader, **by),
                partner.milestones(reader, partner=by["partner"]),
                by["outcome"],
            ),
            **scored,
        ),
        components.graph(
            "partner_drivers",
            "Drivers that add up to the score (points got, and of how many)",
            lambda **by: charts.drivers(partner.drivers(reader, **by), by["outcome"]),
            actions=[
                va.set_controls(controls=controls.control_id(NAME, "metric"), value="customdata[0]")
            ],
            note="Click a driver for the records behind it.",
            **scored,
        ),
        components.text(
            "partner_reasons",
            lambda **by: figures.reasons(
                partner.scorecard(reader, **by), partner.changes(reader, **by)
            ),
            **one,
        ),
        components.text(
            "partner_milestones",
            lambda **by: figures.milestones(partner.milestones(reader, **by)),
            **one,
        ),
        components.text(
            "partner_evidence",
            lambda **by: figures.evidence(
                partner.evidence(reader, **by), partner.scorecard(reader, **by)
            ),
            **one,
        ),
        components.text(
            "partner_notices",
            lambda **by: figures.notices(
                partner.flags(reader, **by),
                partner.entitlements(reader, **by),
            ),
            **one,
        ),
        components.text(
            "partner_metric",
            lambda **by: figures.metric(partner.metric(reader, **by), by["metric"]),
            **driver,
            outcome="revenue",
        ),
        components.graph(
            "partner_metric_trajectory",
            "The driver by week of the contract (in its unit)",
            lambda **by: charts.metric_trajectory(partner.metric_trajectory(reader, **by)),
            **driver,
        ),
        components.grid(
            "partner_records",
            "Records behind the driver",
            lambda **by: partner.records(reader, **by),
            columns.RECORDS,
            **driver,
        ),
    ]
    of_partner = [part.id for part in components_of_page[1:]]
    return vm.Page(
        id=NAME,
        title="Partner",
        path="/partner",
        components=components_of_page,
        layout=vm.Grid(
            grid=[
                *[[0, 0]] * 1,
                *[[1, 1]] * 3,
                *[[2, 2]] * 6,
                *[[3, 4]] * 9,
                *[[5, 4]] * 10,
                *[[6, 7]] * 5,
                *[[6, 8]] * 5,
                *[[9, 10]] * 11,
                *[[11, 11]] * 14,
            ],
            row_min_height=components.LINE,
            row_gap="8px",
            col_gap="16px",
        ),
        controls=[
            controls.parameter(
                NAME,
                "partner",
                of_partner,
                controls.dropdown("Partner", lambda: chosen.partners(reader), value=first),
            ),
            controls.parameter(
                NAME,
                "outcome",
                ["partner_trajectory", "partner_drivers", "partner_metric"],
                vm.RadioItems(title="Score", options=OUTCOMES, value="revenue"),
            ),
            controls.parameter(
                NAME,
                "metric",
                ["partner_metric", "partner_metric_trajectory", "partner_records"],
                controls.dropdown(
                    "Driver", lambda: chosen.metrics(reader), value="active_weeks_rate"
                ),
            ),
        ],
    )
