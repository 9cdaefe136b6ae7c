"""What was tried with partners, and what came of it."""

import vizro.models as vm

from dashboard import components, controls
from dashboard.data import chosen, experiments
from dashboard.figures import experiments as figures
from dashboard.figures import parts
from dashboard.pages import columns
from dashboard.pages.programme import ALL, OUTCOMES
from dashboard.reader import Reader

NAME = "experiments"


def page(reader: Reader) -> vm.Page:
    first = experiments.options(reader)[0]["value"]
    one = {"experiment": first}
    parts_of_page = [
        components.text("experiments_stamp", lambda: parts.stamp(chosen.stamp(reader, **ALL))),
        components.text(
            "experiments_headline",
            lambda **by: figures.headline(
                experiments.verdicts(reader, **by), experiments.plan(reader, **by)
            ),
            **one,
        ),
        components.graph(
            "experiments_results",
            "Effects of the planned analyses (in smallest effects that matter)",
            lambda **by: figures.results(experiments.results(reader, **by)),
            **one,
        ),
        components.text(
            "experiments_plan", lambda **by: figures.plan(experiments.plan(reader, **by)), **one
        ),
        components.text(
            "experiments_arms", lambda **by: figures.arms(experiments.arms(reader, **by)), **one
        ),
        components.grid(
            "experiments_table",
            "Every analysis (in the metric's unit)",
            lambda **by: experiments.results(reader, **by),
            columns.EXPERIMENT_RESULTS,
            **one,
        ),
        components.graph(
            "experiments_interventions",
            "After interventions: change of the score, those who took it less those who did not",
            lambda **by: figures.interventions(experiments.interventions(reader, **by)),
            note="Grey: association only, nobody drew lots. Green: there was a control.",
            score="engagement",
        ),
    ]
    return vm.Page(
        id=NAME,
        title="Experiments",
        path="/experiments",
        components=parts_of_page,
        layout=components.layout(
            ((0,), 1), ((1,), 4), ((2, 3), 11), ((4,), 4), ((5,), 12), ((6,), 9)
        ),
        controls=[
            controls.parameter(
                NAME,
                "experiment",
                [
                    "experiments_headline", "experiments_results", "experiments_plan",
                    "experiments_arms", "experiments_table",
                ],
                controls.dropdown("Experiment", lambda: experiments.options(reader), value=first),
            ),
            controls.parameter(
                NAME,
                "score",
                ["experiments_interventions"],
                vm.RadioItems(
                    title="Interventions: change of the", options=OUTCOMES, value="engagement"
                ),
            ),
        ],
    )  # fmt: skip
