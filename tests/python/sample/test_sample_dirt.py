"""Dirt is where the truth says it is, is little, and nothing else differs from the clean sample."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.sample import SampleSummary
from orchestration.sample.dirt import ACCEPTED, HELD, IGNORED_DUPLICATE, PLAN, QUARANTINED, REJECTED

Content = Callable[[Path], bytes]


@pytest.fixture(scope="module")
def blemishes(dirty: SampleSummary) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((dirty.truth / "dirt.json").read_text())
    return found


def test_each_fate_of_a_line_occurs(blemishes: list[dict[str, Any]]) -> None:
    fates = Counter(each["expected"] for each in blemishes)
    assert set(fates) == {REJECTED, QUARANTINED, HELD, IGNORED_DUPLICATE, ACCEPTED}
    assert min(fates.values()) >= 3


def test_files_without_a_blemish_are_those_of_the_clean_sample(
    clean: SampleSummary,
    dirty: SampleSummary,
    blemishes: list[dict[str, Any]],
    content: Content,
) -> None:
    soiled = {each["file"] for each in blemishes}
    assert clean.files == dirty.files
    for path in clean.files:
        is_same = content(clean.landing / path) == content(dirty.landing / path)
        assert is_same == (path not in soiled), path


def test_a_blemish_about_a_row_changes_one_line(
    clean: SampleSummary,
    dirty: SampleSummary,
    blemishes: list[dict[str, Any]],
    content: Content,
) -> None:
    for each in blemishes:
        if each["line"] is None or each["kind"] == "quoted_newline":
            continue
        right = content(clean.landing / each["file"]).decode().splitlines()
        wrong = content(dirty.landing / each["file"]).decode().splitlines()
        place = each["line"] - 1
        more = len(wrong) - len(right)
        assert wrong[:place] == right[:place], each
        assert wrong[place + 1 :] == right[place + (1 - more) :], each
        assert each["record_id"] in wrong[place] or each["kind"] == "broken_json"


def test_the_whole_plan_is_carried_out(blemishes: list[dict[str, Any]]) -> None:
    planned = {entity: [kind.name for kind in kinds] for entity, kinds in PLAN.items()}
    found = {
        entity: [each["kind"] for each in blemishes if each["entity"] == entity] for entity in PLAN
    }
    assert found == planned


def test_dirt_is_rare_and_never_condemns_a_file(
    dirty: SampleSummary, blemishes: list[dict[str, Any]]
) -> None:
    by_file = Counter(each["file"] for each in blemishes)
    assert max(by_file.values()) == 1
    for entity, number in Counter(each["entity"] for each in blemishes).items():
        assert number / dirty.rows[entity] < 0.01, entity


def test_rows_are_counted_with_their_duplicates(
    clean: SampleSummary, dirty: SampleSummary, blemishes: list[dict[str, Any]]
) -> None:
    added = Counter(
        each["entity"]
        for each in blemishes
        if each["kind"].startswith("duplicate") or each["entity"] == "crm.partners"
    )
    for entity, rows in clean.rows.items():
        assert dirty.rows[entity] == rows + added[entity], entity
