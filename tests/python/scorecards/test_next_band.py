"""What a scorecard says of the next band where it names no figure."""

from typing import cast

import pytest

from orchestration.scorecards.content import _no_step
from orchestration.scorecards.reading import Card, Reader


class Policy:
    """The two things of a reader that the next band asks for."""

    def cuts(self, version: int) -> dict[str, dict[str, float]]:
        assert version == 2
        return {"engagement": {"low": 0.0, "medium": 40.0, "high": 65.0}}

    def band_change_margin(self, version: int) -> float:
        assert version == 2
        return 3.0


def card(band: str | None, points: float, status: str = "published") -> Card:
    """Two metrics of the engagement score with so many points, an overlay of 2, one of revenue."""
    about = {
        "engagement_band": band,
        "engagement_overlay": 2.0,
        "status": status,
        "framework_version": 2,
    }
    given = [
        {"outcome": "engagement", "contribution": points - 10},
        {"outcome": "engagement", "contribution": 10.0},
        {"outcome": "revenue", "contribution": 90.0},
    ]
    return Card(about, {"partner_score_contributions": given})


NOW = "What you do now is enough for the next band, if it stays."
SEVERAL = "No single figure is enough for the next band; several are needed."


@pytest.mark.parametrize(
    ("band", "points", "status", "said"),
    [
        ("medium", 66.0, "published", NOW),  # 66 + 2 = 65 + 3
        ("medium", 65.9, "published", SEVERAL),
        ("low", 41.0, "provisional", NOW),
        ("low", 40.9, "provisional", SEVERAL),
        ("low", 90.0, "stale", SEVERAL),  # what is held does not move
        ("high", 20.0, "published", "This is the highest band."),
    ],
)
def test_whoever_is_past_the_next_cut_only_has_to_stay_there(
    band: str, points: float, status: str, said: str
) -> None:
    assert _no_step(cast(Reader, Policy()), card(band, points, status), "engagement", []) == said


def test_where_a_step_is_named_nothing_else_is() -> None:
    named = ["Courses from 2 to 5 reaches high, if it stays there"]
    assert _no_step(cast(Reader, Policy()), card("medium", 66.0), "engagement", named) == ""
