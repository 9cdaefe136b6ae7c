"""Groups of partners beside each other: by segment, tier, region or intake."""

import vizro.models as vm

from dashboard import components, controls
from dashboard.data import chosen, segments
from dashboard.figures import parts
from dashboard.figures import segments as figures
from dashboard.pages.programme import ALL, OUTCOMES
from dashboard.reader import Reader

NAME = "segments"
GROUPS = [
    {"label": "segment", "value": "segment"},
    {"label": "tier", "value": "tier"},
    {"label": "region", "value": "region"},
    {"label": "intake (half-year)", "value": "cohort"},
]


def page(reader: Reader) -> vm.Page:
    parts_of_page = [
        components.text(
            "segments_stamp", lambda **by: parts.stamp(chosen.stamp(reader, **by)), **ALL
        ),
        components.text(
            "segments_summary",
            lambda **given: figures.summary(segments.summary(reader, **given)),
            by="segment",
            **ALL,
        ),
        components.graph(
            "segments_scores",
            "Scores of the groups (points; boxes hold the middle half)",
            lambda **given: figures.scores(segments.scores(reader, **given)),
            by="segment",
            **ALL,
        ),
        components.graph(
            "segments_metrics",
            "Mean metric score where observed (0 to 100; 80 is the target)",
            lambda **given: figures.metrics(segments.metrics(reader, **given)),
            by="segment",
            outcome="revenue",
            **ALL,
        ),
        components.graph(
            "segments_trajectories",
            "Usual score by week of the contract (median, points)",
            lambda **given: figures.trajectories(
                segments.trajectories(reader, **given), given["outcome"]
            ),
            note="Of whole segments; of intakes when groups are intakes. Filters leave it alone.",
            by="segment",
            outcome="revenue",
        ),
        components.graph(
            "segments_milestones",
            "Milestones reached by the week they are expected (share of the segment)",
            lambda: figures.milestones(segments.milestones(reader)),
            note="Of whole segments. Filters leave it alone.",
        ),
    ]
    filtered = ["segments_stamp", "segments_summary", "segments_scores", "segments_metrics"]
    return vm.Page(
        id=NAME,
        title="Segments",
        path="/segments",
        components=parts_of_page,
        layout=components.layout(((0,), 1), ((1,), 6), ((2, 3), 15), ((4, 5), 12)),
        controls=[
            *controls.filters(reader, NAME, filtered),
            controls.parameter(
                NAME,
                "by",
                [*filtered[1:], "segments_trajectories"],
                vm.RadioItems(title="Groups by", options=GROUPS, value="segment"),
            ),
            controls.parameter(
                NAME,
                "outcome",
                ["segments_metrics", "segments_trajectories"],
                vm.RadioItems(title="Score", options=OUTCOMES, value="revenue"),
            ),
        ],
    )
