"""F4 and F5: a full disk and damaged files. The pointer does not move, and nothing is left."""

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from publishing_fixtures import build_working, make_facts

from orchestration.publishing import (
    DamagedRelease,
    PublishError,
    Release,
    copying,
    current,
    pointer,
    publish,
    query,
    sweep,
    verify_digests,
)
from orchestration.publishing.facts import DATABASE_FILE
from orchestration.settings import Settings

STEPS = ("start", "copy", "parquet", "attach", "verify", "describe", "seal", "check", "name")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that serves seed 0 and has built seed 1."""
    settings = Settings(warehouse=tmp_path_factory.mktemp("template"), memory_limit="500MB")
    build_working(settings)
    publish(settings, make_facts())
    build_working(settings, seed=1, weeks=60)
    return settings.warehouse


@pytest.fixture
def working(settings: Settings, template: Path) -> Settings:
    shutil.copytree(template, settings.warehouse, symlinks=True)
    return settings


@pytest.fixture
def served(working: Settings) -> Release:
    release = current(working)
    assert release is not None
    return release


def assert_untouched(settings: Settings, served: Release) -> None:
    assert current(settings) == served
    verify_digests(served.path)
    assert query(settings, "select distinct seed from marts.partner_scorecards")[1] == [(0,)]
    assert not list(settings.releases.glob(".*"))


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_leaves_the_old_release(
    working: Settings, served: Release, step: str
) -> None:
    def fail(done: str) -> None:
        if done == step:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(PublishError, match=r"No space left.*Still served: .*disk has room"):
        publish(working, make_facts(), progress=fail)
    sweep(working)
    assert_untouched(working, served)
    assert publish(working, make_facts()) == current(working)  # and the next run is clean


@pytest.mark.parametrize("call", ["fsync", "rename", "replace", "symlink"])
def test_a_system_call_that_fails_leaves_the_old_release(
    working: Settings, served: Release, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(PublishError, match="No space left"):
            publish(working, make_facts())
    sweep(working)
    assert_untouched(working, served)
    publish(working, make_facts())


LIMITED = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from publishing_fixtures import make_facts
from orchestration.publishing import publish, PublishError
from orchestration.publishing.facts import DATABASE_FILE
from orchestration.settings import Settings
settings = Settings(warehouse=sys.argv[2], memory_limit="500MB")
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    publish(settings, make_facts())
except PublishError as error:
    print(error)
    sys.exit(3)
"""


@pytest.mark.parametrize("limit", [0, 20_000, 300_000])
def test_files_that_cannot_grow_leave_the_old_release(
    working: Settings, served: Release, limit: int
) -> None:
    """DuckDB itself meets the limit, in its own writes."""
    here = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, here, str(working.warehouse), str(limit)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert re.search(r"failed at step '.*Still served: .* disk has room", done.stdout, re.S)
    sweep(working)
    assert_untouched(working, served)


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = (
        shutil.which("mount")
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("needs the right to mount a small disk")
    return folder


def test_a_disk_that_is_full_leaves_the_old_release(small_disk: Path) -> None:
    try:
        settings = Settings(warehouse=small_disk, memory_limit="500MB")
        build_working(settings)
        served = publish(settings, make_facts())
        build_working(settings, seed=1, weeks=100)
        filler = small_disk / "filler"
        failed = 0
        for room in range(0, 1_500_000, 250_000):
            free = shutil.disk_usage(small_disk).free
            with open(filler, "ab") as file:
                file.truncate(0)
                file.write(b"x" * max(free - room, 0))
            with pytest.raises(PublishError, match="Still served"):
                publish(settings, make_facts())
            failed += 1
            filler.unlink()
            sweep(settings)
            assert_untouched(settings, served)
        assert failed == 6
        publish(settings, make_facts())
    finally:
        subprocess.run(["umount", str(small_disk)], check=True)


def flip(path: Path, position: float) -> None:
    data = bytearray(path.read_bytes())
    data[int(len(data) * position)] ^= 0xFF
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


DAMAGES: dict[str, Callable[[Path], None]] = {
    "database, header": lambda folder: flip(folder / "partner_scoring.duckdb", 0),
    "database truncated": lambda folder: truncate(folder / "partner_scoring.duckdb"),
    "database gone": lambda folder: (folder / "partner_scoring.duckdb").unlink(),
    "parquet": lambda folder: flip(folder / "parquet/partner_score_history.parquet", 0.3),
    "parquet truncated": lambda folder: truncate(folder / "parquet/quality_checks.parquet"),
    "parquet of another mart": lambda folder: shutil.copyfile(
        folder / "parquet/quality_checks.parquet", folder / "parquet/plain_view.parquet"
    ) and None,
}  # fmt: skip
LATER: dict[str, Callable[[Path], None]] = {
    "manifest": lambda folder: flip(folder / "manifest.json", 0.5),
    "readme": lambda folder: flip(folder / "README.md", 0.5),
    "one more file": lambda folder: (folder / "more.txt").write_text("x") and None,
    "no digests": lambda folder: (folder / "SHA256SUMS").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("step", ["copy", "parquet", "verify", "seal"])
def test_damage_is_caught_whenever_it_happens(
    working: Settings, served: Release, damage: str, step: str
) -> None:
    if step == "copy" and damage.startswith("parquet"):
        return  # not written yet
    done = []

    def harm(name: str) -> None:
        if name == step:
            (folder,) = working.releases.glob(".incoming-*")
            for path in folder.rglob("*"):
                path.chmod(0o755 if path.is_dir() else 0o644)
            DAMAGES[damage](folder)
            done.append(name)

    # A file that cannot even be opened for the export is an error of that step.
    expected = PublishError if step == "copy" else DamagedRelease
    with pytest.raises(expected, match="Still served"):
        publish(working, make_facts(), progress=harm)
    assert done == [step]
    assert_untouched(working, served)


@pytest.mark.parametrize("damage", LATER)
def test_damage_to_what_describes_the_release_is_caught(
    working: Settings, served: Release, damage: str
) -> None:
    def harm(name: str) -> None:
        if name == "seal":
            (folder,) = working.releases.glob(".incoming-*")
            for path in folder.rglob("*.*"):
                path.chmod(0o644)
            LATER[damage](folder)

    with pytest.raises(DamagedRelease, match="Still served"):
        publish(working, make_facts(), progress=harm)
    assert_untouched(working, served)


def test_no_flipped_byte_that_is_read_passes_the_comparison(working: Settings) -> None:
    """Without digests only reading everything back can find it. DuckDB reads neither free blocks
    nor the second header, so some flips change nothing that anybody will ever read."""
    build_working(working, weeks=400)
    folder = working.releases / "by-hand"
    folder.mkdir(parents=True)
    content = copying.write_database(working, folder, {}, lambda scores: {"release_id": "x"})
    copying.write_parquet(working, folder, content.marts)
    caught = []
    for path in (folder / DATABASE_FILE, folder / "parquet/partner_score_history.parquet"):
        whole = path.read_bytes()
        for position in [k / 20 for k in range(20)]:
            flip(path, position)
            try:
                copying.verify_content(working, folder, content)
            except DamagedRelease:
                caught.append((path.name, position))
            path.write_bytes(whole)
        copying.verify_content(working, folder, content)
    shutil.copyfile(
        folder / "parquet/quality_checks.parquet", folder / "parquet/plain_view.parquet"
    )
    with pytest.raises(DamagedRelease, match=r"plain_view.parquet"):  # one column more, else equal
        copying.verify_content(working, folder, content)
    assert len([name for name, _ in caught if name == DATABASE_FILE]) >= 5
    assert len(caught) >= 20


def test_a_log_line_that_was_cut_off_swallows_no_other(working: Settings) -> None:
    with open(working.releases / pointer.LOG, "a") as log:
        log.write('{"at": "2026-')
    release = publish(working, make_facts())
    lines = (working.releases / pointer.LOG).read_text().splitlines()
    assert len(lines) == 3
    assert release.id in lines[-1]
