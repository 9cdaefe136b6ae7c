"""The pointer `current` and the releases beside it: reading, moving, rolling back.

The pointer is a relative link that is replaced in one step, so a reader finds one whole release
or the other. Nothing here makes a release or opens its database.
"""

import fcntl
import getpass
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.publishing.facts import DamagedRelease, NoRelease, Release
from orchestration.publishing.files import sync, verify_digests
from orchestration.publishing.manifest import read_release
from orchestration.settings import Settings

POINTER = "current"
LOG = "pointer_log.jsonl"
INCOMING = ".incoming-"
LINK = ".current-"
REMOVING = ".removing-"
CORRECTION = "correction"
RELEASE_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


def releases(settings: Settings) -> list[Release]:
    """All releases whose manifest can be read, oldest first."""
    now = current_id(settings)
    found = []
    for release_id in release_ids(settings):
        try:
            found.append(read_release(settings.releases / release_id, is_current=release_id == now))
        except DamagedRelease:
            if release_id == now:
                raise  # what readers are served must never be left out in silence
    return found


def current(settings: Settings) -> Release | None:
    """The release that readers are served; None before the first."""
    release_id = current_id(settings)
    if release_id is None:
        return None
    return read_release(settings.releases / release_id, is_current=True)


def made_from(settings: Settings, fingerprint: str) -> Release | None:
    """The newest release that was made from what `fingerprint` stands for, served or not."""
    made = [each for each in releases(settings) if fingerprint and each.fingerprint == fingerprint]
    return made[-1] if made else None


def find(settings: Settings, release_id: str | None = None) -> Release:
    """A release by its id; default: the current one. Raises NoRelease."""
    now = current_id(settings)
    chosen = release_id or now
    if chosen is None:
        raise nothing_published(settings)
    if chosen not in release_ids(settings):
        known = ", ".join(release_ids(settings)[-5:]) or "none"
        raise NoRelease(f"There is no release {chosen!r}. The latest are: {known}.")
    return read_release(settings.releases / chosen, is_current=chosen == now)


def nothing_published(settings: Settings) -> NoRelease:
    return NoRelease(
        f"Nothing has been published in the warehouse {settings.warehouse} yet. "
        "`partner-scoring run` makes the first release; --warehouse names another warehouse."
    )


def rollback(
    settings: Settings, release_id: str | None = None, *, reason: str = "no reason given"
) -> Release:
    """Serve an earlier release (default: the one that was served when the current one was
    published), after its digests were verified. The current one is kept."""
    if release_id is None:
        now = find(settings)
        if now.previous is None:
            raise NoRelease(f"{now.id} is the first release, so there is nothing to roll back to.")
        release_id = now.previous
    return serve(settings, release_id, action="rollback", reason=reason)


def serve(settings: Settings, release_id: str, *, action: str, reason: str) -> Release:
    """Point readers at a kept release, after its digests were verified."""
    target = find(settings, release_id)
    try:
        verify_digests(target.path)
    except DamagedRelease as error:
        raise DamagedRelease(
            f"{error}. The pointer was not moved, {current_id(settings) or 'nothing'} is still "
            "served. Choose another release."
        ) from error
    move(settings, target.id, action=action, reason=reason)
    return find(settings)


def taken_back(settings: Settings, release_id: str) -> bool:
    """Whether the last that happened to a release is that somebody rolled back from it."""
    for entry in reversed(_read_log(settings)):
        if entry.get("to") == release_id:
            return False
        if entry.get("from") == release_id and entry.get("action") == "rollback":
            return True
    return False


def move(settings: Settings, release_id: str, *, action: str, reason: str) -> None:
    """Write the move in the log, then point `current` at the release, in one step that lasts."""
    with held(settings.releases):
        before = current_id(settings)
        if not (settings.releases / release_id).is_dir():
            raise NoRelease(
                f"{release_id} was removed meanwhile; {before or 'nothing'} is still served."
            )
        # The log comes first, so that a disk that is full stops the move and not only its record.
        _log(settings, {"from": before, "to": release_id, "action": action, "reason": reason})
        link = settings.releases / f"{LINK}{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(release_id)
        os.replace(link, settings.releases / POINTER)
        sync(settings.releases)


def sweep(settings: Settings) -> list[str]:
    """Remove what a killed publish or prune left behind; gives the names that were removed.

    That is unfinished folders and links, and whole releases newer than the current one that were
    never served. What a running publish works on is locked by it, and left alone.
    """
    if not settings.releases.is_dir():
        return []
    _correct_log(settings)
    removed = []
    for path in sorted(settings.releases.iterdir()):
        unfinished = path.name.startswith((INCOMING, LINK, REMOVING))
        if (unfinished or _never_served(settings, path)) and _remove_unless_held(path):
            removed.append(path.name)
    return removed


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Mark `folder` as being worked on, for `sweep`; ends with the process, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def current_id(settings: Settings) -> str | None:
    try:
        return os.readlink(settings.releases / POINTER)
    except FileNotFoundError:
        return None


def release_ids(settings: Settings) -> list[str]:
    """Ids of all finished releases, oldest first."""
    if not settings.releases.is_dir():
        return []
    return sorted(p.name for p in settings.releases.iterdir() if RELEASE_ID.fullmatch(p.name))


def _never_served(settings: Settings, path: Path) -> bool:
    """Whether a publish was killed between naming this release and pointing at it. Where a
    pointer stands without a log, nothing is known of the past and nothing is removed."""
    now = current_id(settings)
    if not RELEASE_ID.fullmatch(path.name) or (now is not None and path.name <= now):
        return False
    entries = _read_log(settings)
    if now is not None and not entries:
        return False
    moves = sum(e["to"] == path.name for e in entries if e["action"] != CORRECTION)
    undone = sum(e["from"] == path.name for e in entries if e["action"] == CORRECTION)
    return bool(moves <= undone)


def _correct_log(settings: Settings) -> None:
    """Where a process ended between writing a move and making it, say so in the log."""
    with held(settings.releases):
        entries, now = _read_log(settings), current_id(settings)
        if entries and entries[-1]["to"] != now:
            reason = "the process ended before it moved the pointer"
            entry = {"from": entries[-1]["to"], "to": now, "action": CORRECTION, "reason": reason}
            _log(settings, entry)


def _remove_unless_held(path: Path) -> bool:
    if path.is_symlink() or not path.is_dir():
        path.unlink()
        return True
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        shutil.rmtree(path)
        return True
    finally:
        os.close(descriptor)


def _log(settings: Settings, entry: dict[str, Any]) -> None:
    try:
        who = getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        who = str(os.getuid())
    entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "by": who, **entry}
    with open(settings.releases / LOG, "a+b") as file:
        # A line that a full disk or a kill cut off must not swallow this one.
        file.seek(0)
        written = file.read()
        cut_off = written != b"" and not written.endswith(b"\n")
        file.write(b"\n" * cut_off + json.dumps(entry).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _read_log(settings: Settings) -> list[dict[str, Any]]:
    """Every whole entry of the log, oldest first."""
    log, entries = settings.releases / LOG, []
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else []:
        try:
            entries.append(dict(json.loads(line)))
        except ValueError:  # cut off by a kill or a full disk; the move was not made
            continue
    return entries
