"""Script of the kill tests: publishes in forked children that are killed at chosen points.

Run as `publish_and_die.py WAREHOUSE MODE COUNT`. Modes: `steps` (after each step), `lines` (at
COUNT lines of the publishing code, spread over a run), `moments` (COUNT times, spread over a
run, so also inside DuckDB). After each kill it checks what readers find, then publishes again.
Prints one line of figures as JSON; ends with an error if anything is not whole. DuckDB is used
in the children only, for its threads do not survive a fork.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
from publishing_fixtures import build_working, make_facts

import orchestration.publishing as publishing
from orchestration.settings import Settings

CODE = str(Path(publishing.__file__).parent)
NEVER = 10**9
for module in ("pandas", "pyarrow.compute", "pytz"):  # what DuckDB would import in every child
    with contextlib.suppress(ImportError):
        importlib.import_module(module)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fork(work: Callable[[], Any], kill_after: float | None = None) -> Any:
    """Run `work` in a child; gives what it returns, or None if it was killed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        status = 1
        try:
            os.write(write, json.dumps(work()).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        raise SystemExit(f"a child failed: {work}")
    return json.loads(told) if told else None


def publish(settings: Settings, at_step: str | None = None) -> str:
    def progress(done: str) -> None:
        if done == at_step:
            die()

    return publishing.publish(settings, make_facts(run_id="run-1"), progress=progress).id


def publish_dying_at_line(settings: Settings, line: int, after: str = "") -> int:
    """Dies at a line of publishing code, counted from the end of step `after` or the beginning;
    gives the number of lines that a whole run executes."""
    count = 0 if not after else -NEVER

    def progress(done: str) -> None:
        nonlocal count
        if done == after:
            count = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(CODE):
            return None
        if event == "line":
            count += 1
            if count == line:
                die()
        return trace

    sys.settrace(trace)
    try:
        publishing.publish(settings, make_facts(), progress=progress)
    finally:
        sys.settrace(None)
    return count


def look(settings: Settings, seeds: list[int]) -> list[Any]:
    """What a reader finds: the release, whole, of one seed."""
    release = publishing.current(settings)
    assert release is not None
    publishing.verify_digests(release.path)
    with publishing.open_release(settings) as connection:
        found = connection.execute(
            "select distinct seed from marts.partner_scorecards union "
            "select seed from marts.quality_checks"
        ).fetchall()
        about = connection.execute("select release_id, score_hash from release.about").fetchone()
        assert publishing.score_hash(connection) == release.score_hash
    assert len(found) == 1 and found[0][0] in seeds, (found, seeds)
    assert about == (release.id, release.score_hash)
    return [found[0][0], release.id]


def leftovers(settings: Settings) -> list[str]:
    served = {release.id for release in publishing.releases(settings)}
    known = served | {"current", "pointer_log.jsonl"}
    return [path.name for path in settings.releases.iterdir() if path.name not in known]


def logged_truly(settings: Settings) -> bool:
    lines = (settings.releases / "pointer_log.jsonl").read_text().splitlines()
    return bool(json.loads(lines[-1])["to"] == os.readlink(settings.releases / "current"))


def scenario(settings: Settings, kill: Callable[[], None], seed: int) -> dict[str, int]:
    """Old release of `seed - 1`, working database of `seed`: kill, look, publish again, look."""
    kill()
    found, _ = fork(lambda: look(settings, [seed - 1, seed]))
    left = len(leftovers(settings))
    fork(lambda: recover(settings, seed))
    return {"new": int(found == seed), "old": int(found != seed), "left": int(left > 0)}


def recover(settings: Settings, seed: int) -> None:
    """The next run: it succeeds, and nothing of the killed one is left but what was served."""
    publish(settings)
    assert look(settings, [seed])[0] == seed
    assert leftovers(settings) == [], leftovers(settings)
    assert logged_truly(settings)
    publishing.prune(settings, keep=2)


def main() -> None:
    settings = Settings(warehouse=Path(sys.argv[1]), memory_limit="500MB")
    mode, count = sys.argv[2], int(sys.argv[3])
    weeks = 400 if mode == "moments" else 8
    fork(lambda: build_working(settings, seed=0, weeks=weeks))
    began = time.monotonic()
    fork(lambda: publish(settings))
    took = time.monotonic() - began
    kills: list[Callable[[], None]]
    if mode == "steps":
        steps = ["start", "copy", "parquet", "attach", "verify", "describe", "seal", "check",
                 "name", "serve"]  # fmt: skip
        kills = [lambda step=step: fork(lambda: publish(settings, step)) for step in steps]
    elif mode == "lines":
        total = fork(lambda: publish_dying_at_line(settings, NEVER))
        places = [("", 1 + k * total // count) for k in range(count)]
        # From the rename on, where every line counts.
        places += [("name", 1 + k) for k in range(0, 60, 1 if count > 100 else 8)]
        kills = [
            lambda a=a, k=k: fork(lambda: publish_dying_at_line(settings, k, a)) for a, k in places
        ]
    else:
        waits = [took * 1.2 * k / count for k in range(count)]
        kills = [lambda w=w: fork(lambda: publish(settings), kill_after=w) for w in waits]
    totals = {"kills": len(kills), "new": 0, "old": 0, "left": 0}
    for seed, kill in enumerate(kills, start=1):
        fork(lambda seed=seed: build_working(settings, seed=seed, weeks=weeks))
        for key, value in scenario(settings, kill, seed).items():
            totals[key] += value
    print(json.dumps(totals))


if __name__ == "__main__":
    assert duckdb.__version__
    main()
