"""F11 and retention: going back to an earlier release, and removing old ones."""

import json
import os
import time

import pytest
from publishing_fixtures import build_working, make_facts

from orchestration.publishing import (
    DamagedRelease,
    NoRelease,
    Release,
    current,
    pointer,
    prune,
    publish,
    query,
    releases,
    rollback,
    sweep,
)
from orchestration.settings import Settings


def publish_many(settings: Settings, count: int) -> list[Release]:
    made = []
    for seed in range(count):
        build_working(settings, seed=seed)
        made.append(publish(settings, make_facts()))
    return made


def served_seed(settings: Settings) -> int:
    ((seed,),) = query(settings, "select distinct seed from marts.partner_scorecards")[1]
    return int(seed)


def test_rolling_back_takes_one_command_and_less_than_a_second(settings: Settings) -> None:
    build_working(settings, seed=0, partners=2000, weeks=104)  # 208,000 scores
    first = publish(settings, make_facts())
    build_working(settings, seed=1)
    publish(settings, make_facts())
    began = time.monotonic()
    release = rollback(settings, reason="scores of the north were wrong")
    took = time.monotonic() - began
    assert took < 1
    assert (release.id, release.is_current) == (first.id, True)
    assert served_seed(settings) == 0
    entry = json.loads((settings.releases / pointer.LOG).read_text().splitlines()[-1])
    assert entry["action"] == "rollback"
    assert entry["reason"] == "scores of the north were wrong"
    assert entry["to"] == first.id


def test_the_default_is_what_was_served_before_and_not_what_was_rolled_back(
    settings: Settings,
) -> None:
    one, two, three = publish_many(settings, 3)
    assert rollback(settings).id == two.id
    build_working(settings, seed=9)
    four = publish(settings, make_facts())
    assert four.id > three.id
    assert rollback(settings).id == two.id  # three was rolled back from: it is skipped
    assert rollback(settings).id == one.id
    with pytest.raises(NoRelease, match="first release"):
        rollback(settings)
    assert rollback(settings, four.id).id == four.id  # and forward again
    assert len(releases(settings)) == 4


def test_a_damaged_release_is_not_rolled_back_to(settings: Settings) -> None:
    one, two, three = publish_many(settings, 3)
    two.database.chmod(0o644)
    with open(two.database, "r+b") as file:
        file.seek(5000)
        file.write(b"\xff")
    with pytest.raises(DamagedRelease, match=rf"partner_scoring.duckdb.*{three.id} is still"):
        rollback(settings)
    assert current(settings) == three
    assert rollback(settings, one.id).id == one.id


def test_an_unknown_release_is_named_with_those_that_there_are(settings: Settings) -> None:
    with pytest.raises(NoRelease, match="Nothing has been published"):
        rollback(settings)
    (one,) = publish_many(settings, 1)
    for wanted in ("20260101T000000Z-00000000", "../../etc", "current"):
        with pytest.raises(NoRelease, match=one.id):
            rollback(settings, wanted)
    assert current(settings) == one


def test_pruning_keeps_what_is_served_and_what_a_rollback_needs(settings: Settings) -> None:
    made = [release.id for release in publish_many(settings, 6)]
    assert prune(settings, keep=10) == []
    assert prune(settings, keep=4) == made[:2]
    rollback(settings, made[3])
    assert prune(settings, keep=1) == made[4:5]
    assert [release.id for release in releases(settings)] == [made[2], made[3], made[5]]
    assert prune(settings, keep=0) == made[5:]
    assert served_seed(settings) == 3
    assert rollback(settings).id == made[2]


def test_sweeping_removes_what_was_never_served_and_nothing_else(settings: Settings) -> None:
    one, two, three = publish_many(settings, 3)
    rollback(settings, one.id)  # newer ones that were served stay
    never = settings.releases / "20990101T000000Z-00000000"
    os.mkdir(never)
    for name in (".incoming-x", ".removing-y"):
        (settings.releases / name / "parquet").mkdir(parents=True)
    (settings.releases / ".current-1").symlink_to(two.id)
    with pointer.held(never):
        assert never.name not in sweep(settings)  # a publish at work
    assert sweep(settings) == [never.name]
    assert [release.id for release in releases(settings)] == [one.id, two.id, three.id]
    assert sweep(settings) == []


def test_without_a_log_nothing_that_is_whole_is_swept(settings: Settings) -> None:
    one, _, three = publish_many(settings, 3)
    rollback(settings, one.id)
    (settings.releases / pointer.LOG).unlink()
    assert sweep(settings) == []
    assert three.path.is_dir()


def test_the_log_is_corrected_where_a_move_was_written_and_not_made(settings: Settings) -> None:
    one, two = publish_many(settings, 2)
    os.unlink(settings.releases / "current")
    os.symlink(one.id, settings.releases / "current")  # as if killed before the pointer moved
    assert sweep(settings) == [two.id]
    entry = json.loads((settings.releases / pointer.LOG).read_text().splitlines()[-1])
    assert (entry["action"], entry["to"]) == ("correction", one.id)
