"""F11 and retention: going back to an earlier release, and removing old ones."""

import json
import os
import time

import pytest
from click.testing import Result
from publishing_fixtures import build_working, make_facts
from typer.testing import CliRunner

from orchestration.locking import single_writer
from orchestration.publishing import (
    DamagedRelease,
    NoRelease,
    Release,
    current,
    made_from,
    pointer,
    prune,
    pruning,
    publish,
    query,
    releases,
    removable,
    rollback,
    sweep,
    taken_back,
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
    assert list(prune(settings, keep=10)) == []
    assert list(prune(settings, keep=4)) == made[:2]
    rollback(settings, made[3])
    assert list(prune(settings, keep=1)) == made[4:5]
    assert [release.id for release in releases(settings)] == [made[2], made[3], made[5]]
    assert served_seed(settings) == 3
    assert rollback(settings).id == made[2]


def test_pruning_keeps_what_was_taken_back_until_something_newer_is_served(
    settings: Settings,
) -> None:
    """Or a run that starts from the same would find no trace of it, and publish it again."""
    one = publish_many(settings, 1)[0]
    build_working(settings, seed=1)
    bad = publish(settings, make_facts(fingerprint="of what there is to score now"))
    build_working(settings, seed=2)
    other = publish(settings, make_facts(fingerprint="of another day"))
    rollback(settings, bad.id)
    rollback(settings, one.id)
    assert list(prune(settings, keep=1)) == []
    found = made_from(settings, "of what there is to score now")
    assert found is not None and taken_back(settings, found.id)
    build_working(settings, seed=3)
    newer = publish(settings, make_facts())
    assert list(prune(settings, keep=1)) == [bad.id, other.id]
    assert [release.id for release in releases(settings)] == [one.id, newer.id]


def test_what_would_go_is_told_with_its_size_and_stays(settings: Settings) -> None:
    one, _, _ = publish_many(settings, 3)
    sizes = sum(file.stat().st_size for file in one.path.rglob("*") if file.is_file())
    assert removable(settings, keep=2) == {one.id: sizes} and sizes > 0
    assert one.path.is_dir()
    assert prune(settings, keep=2) == {one.id: sizes}
    assert removable(settings, keep=2) == {} and not one.path.exists()


def test_a_rollback_to_what_is_pruned_meanwhile_leaves_the_pointer(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _, three = publish_many(settings, 3)
    monkeypatch.setattr(pointer, "verify_digests", lambda _folder: prune(settings, keep=1))
    with pytest.raises(NoRelease, match=f"{one.id} was removed meanwhile; {three.id} is still"):
        rollback(settings, one.id)
    assert current(settings) == three
    last = json.loads((settings.releases / pointer.LOG).read_text().splitlines()[-1])
    assert last["to"] == three.id


def prune_command(settings: Settings, *words: str) -> Result:
    from orchestration.cli import app

    return CliRunner().invoke(app, ["prune", *words, "--warehouse", str(settings.warehouse)])


def test_the_command_says_what_goes_and_what_came_free(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = publish_many(settings, 3)
    monkeypatch.setattr(pruning, "_bytes_of", lambda _folder: 55_000_000)
    told = prune_command(settings, "--keep", "1", "--dry-run")
    assert told.exit_code == 0 and f"would remove {one.id} (55 MB)" in told.output
    assert "1 release would go and 55 MB come free (2 kept)" in told.output
    assert one.path.is_dir()
    told = prune_command(settings, "--keep", "1")
    assert f"removed {one.id} (55 MB)" in told.output
    assert "1 release removed, 55 MB came free (2 kept)" in told.output
    assert [release.id for release in releases(settings)] == [two.id, three.id]
    assert "nothing to remove (2 kept)" in prune_command(settings).output


def test_the_command_waits_for_no_run_and_makes_no_warehouse(settings: Settings) -> None:
    told = prune_command(settings)
    assert told.exit_code == 1 and "Nothing has been published" in told.output
    assert not settings.warehouse.exists()
    one = publish_many(settings, 3)[0]
    with single_writer(settings, "partner-scoring run"):
        told = prune_command(settings, "--keep", "1")
    assert told.exit_code == 4 and "'partner-scoring run'" in told.output
    assert one.path.is_dir()
    assert prune_command(settings, "--keep", "0").exit_code == 2


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
