"""What a scorecard says of the next band where it names no figure."""

import pytest

from orchestration.scorecards.content import _no_step
from orchestration.scorecards.reading import Card

NOW = "What you do now is enough for the next band, if it stays."
SEVERAL = "No single figure is enough for the next band; several are needed."
HIGHEST = "This is the highest band."


@pytest.mark.parametrize(
    ("band", "waits", "steps", "said"),
    [
        ("medium", True, [], NOW),
        ("medium", False, [], SEVERAL),
        ("medium", False, ["Courses from 2 to 5 reaches high, if it stays there"], ""),
        ("high", False, [], HIGHEST),
        (None, False, [], SEVERAL),
    ],
)
def test_whoever_is_past_the_next_cut_only_has_to_stay_there(
    band: str | None, waits: bool, steps: list[str], said: str
) -> None:
    card = Card({"engagement_band": band, "engagement_band_waits": waits}, {})
    assert _no_step(card, "engagement", steps) == said
