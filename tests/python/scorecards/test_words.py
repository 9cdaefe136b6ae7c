"""Numbers as partners read them: rounded so that what they are told to reach is enough."""

import pytest

from orchestration.scorecards import words


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.855, "ratio", "86%"),
        (1, "activities", "1 activity"),
        (1.0, "days", "1 day"),
        (73.24, "days", "73.2 days"),
        (171542.4, "currency", "171,542 SEK"),
        (1446.2, "currency a day", "1,446 SEK a day"),
        (4.25, "1 to 5", "4.2 (1 to 5)"),
        (None, "days", ""),
    ],
)
def test_a_value_in_its_unit(value: float | None, unit: str, said: str) -> None:
    assert words.amount(value, unit, "SEK") == said


@pytest.mark.parametrize(
    ("value", "unit", "better", "said"),
    [
        (0.8301, "ratio", "higher", "84%"),
        (0.83, "ratio", "higher", "83%"),
        (33372.78, "currency", "higher", "33,400 EUR"),
        (2.01, "leads", "higher", "3 leads"),
        (12.9, "days", "lower", "12 days"),
    ],
)
def test_what_is_said_to_be_enough_is(value: float, unit: str, better: str, said: str) -> None:
    assert words.needed(value, unit, better, "EUR") == said


def test_changes_have_a_sign_and_nothing_has_none() -> None:
    assert [words.change(each) for each in (1.24, -0.55, 0.04, -0.04)] == [
        "+1.2", "\N{MINUS SIGN}0.6", "0.0", "0.0",
    ]  # fmt: skip


def test_partners_are_of_a_kind() -> None:
    assert words.kind("services") == "a services partner"
    assert words.kind("integration") == "an integration partner"
    assert words.kind("baseline") == "a partner like most"
