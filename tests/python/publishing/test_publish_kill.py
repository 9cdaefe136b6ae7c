"""F3: kill -9 during publish. Readers find the old or the new release, whole; what is left over
is swept by the next publish, which succeeds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "publish_and_die.py"


def run(tmp_path: Path, mode: str, count: int) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path / "warehouse"), mode, str(count)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_killed_after_each_step(tmp_path: Path) -> None:
    figures = run(tmp_path, "steps", 0)
    # Only after the last step is the new release served; after the first nine there is a leftover.
    assert figures == {"kills": 10, "new": 1, "old": 9, "left": 8}


def test_killed_at_lines_spread_over_the_code(tmp_path: Path) -> None:
    figures = run(tmp_path, "lines", 8)
    assert figures["kills"] == 16
    assert figures["old"] >= 8 and figures["new"] >= 2 and figures["left"] >= 5


@pytest.mark.slow
def test_killed_at_many_lines(tmp_path: Path) -> None:
    figures = run(tmp_path, "lines", 110)
    assert figures["kills"] == 170
    assert figures["old"] >= 90 and figures["new"] >= 20


@pytest.mark.slow
def test_killed_at_many_moments(tmp_path: Path) -> None:
    figures = run(tmp_path, "moments", 60)
    assert figures["kills"] == 60 and figures["left"] >= 25
