"""One writer at a time: the lock of the warehouse, which names who holds it, and of other folders.

The lock is the kernel's (`flock`), so it ends with its process, however that ends, and nothing
has to be cleaned up after a crash. The text in the file is only for people. What a run does while
it holds the lock is not known here.
"""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from orchestration.settings import Settings


@contextmanager
def alone(target: Path, busy: Exception) -> Iterator[None]:
    """Be the only one that writes `target`, by a lock file beside it; raises `busy` at once."""
    with (target.parent / f".{target.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        yield


class Busy(RuntimeError):
    """Another run holds the warehouse; the message names it and says what to do."""


@contextmanager
def single_writer(settings: Settings, purpose: str) -> Iterator[None]:
    """Hold the warehouse for `purpose`; raises Busy at once if another run holds it.

    Not re-entrant: the outermost command takes it, and the stages that it calls do not.
    """
    settings.lock_file.parent.mkdir(parents=True, exist_ok=True)
    # "a+" neither truncates the holder's text nor fails when the file is new.
    with open(settings.lock_file, "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(_busy_message(_read(file))) from None
        try:
            _write(file, _holder(purpose))
            yield
        finally:
            # The file stays: removing it would let two runs lock two files of one name.
            _write(file, None)
            fcntl.flock(file, fcntl.LOCK_UN)


def holder(settings: Settings) -> dict[str, str | int] | None:
    """Who holds the warehouse now, or None; for status displays, never for deciding."""
    if not settings.lock_file.exists():
        return None
    with open(settings.lock_file, encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(file)
        return None


def in_words(found: dict[str, str | int]) -> str:
    """Who `holder` found, for people."""
    if not {"purpose", "pid", "host", "since"} <= set(found):
        return "another run that has just started"
    return (
        f"'{found['purpose']}' (process {found['pid']} on {found['host']}, since {found['since']})"
    )


def _holder(purpose: str) -> dict[str, str | int]:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "purpose": purpose, "since": since}


def _read(file: IO[str]) -> dict[str, str | int]:
    file.seek(0)
    try:
        found = json.loads(file.read())
    except ValueError:  # the holder is writing its name at this moment
        return {}
    return found if isinstance(found, dict) else {}


def _write(file: IO[str], content: dict[str, str | int] | None) -> None:
    file.seek(0)
    file.truncate()
    if content is not None:
        file.write(json.dumps(content) + "\n")
    file.flush()


def _busy_message(found: dict[str, str | int]) -> str:
    return (
        f"The warehouse is held by {in_words(found)}. Wait until it ends, or stop that process, "
        "and run this again. The lock ends with its process: no file has to be removed."
    )
