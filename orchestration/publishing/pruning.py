"""Retention: which releases may go, and how they go without taking one that is still needed.

A release that is gone can be neither served, nor asked, nor made again by `reproduce`, which starts
from its manifest and compares with its marts.
"""

import os
import shutil
from pathlib import Path

from orchestration.publishing import pointer
from orchestration.settings import Settings

KEEP = 10


def removable(settings: Settings, keep: int = KEEP) -> dict[str, int]:
    """Id and bytes of every release that may go, oldest first: all but the newest `keep`.

    Never the served one, nor the one that a rollback would go to. Nor one that somebody rolled
    back from to what is served: while it is here, a run with nothing new knows that it was taken
    back, and does not publish the same again.
    """
    served = pointer.current(settings)
    if served is None:
        return {}
    ids = pointer.release_ids(settings)
    kept = {*ids[max(len(ids) - keep, 0) :], served.id, served.previous}
    kept |= {each for each in ids if each > served.id and pointer.taken_back(settings, each)}
    return {each: _bytes_of(settings.releases / each) for each in ids if each not in kept}


def prune(settings: Settings, keep: int = KEEP) -> dict[str, int]:
    """Remove what is `removable`; gives what was removed. Readers that have it open keep it."""
    if not settings.releases.is_dir():
        return {}
    # The pointer must not move to a release between the look and the removal.
    with pointer.held(settings.releases):
        removed = removable(settings, keep)
        for release_id in removed:
            # Renamed first: a kill in the middle leaves a leftover, not half a release.
            os.rename(settings.releases / release_id, _doomed(settings, release_id))
    for release_id in removed:
        shutil.rmtree(_doomed(settings, release_id))
    return removed


def _doomed(settings: Settings, release_id: str) -> Path:
    return settings.releases / f"{pointer.REMOVING}{release_id}"


def _bytes_of(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
