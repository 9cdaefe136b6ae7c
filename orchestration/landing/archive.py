"""The archive: every byte that arrived, read-only, named by its sha256.

Files are read from here and never from the landing folder, so a hostile name or a file that
changes under our hands cannot reach a reader. Nothing here knows what the bytes mean.
"""

import hashlib
import os
from collections.abc import Set
from pathlib import Path

CHUNK = 1 << 20


class Archive:
    """Copies files in; call `settle` before relying on them, after any number of copies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unsettled: set[Path] = set()

    def path(self, sha256: str) -> Path:
        """Where the bytes with this digest lie."""
        return self.folder / sha256[:2] / sha256

    def add(self, source: Path) -> str:
        """Copy a file and return its digest. The copy is whole or absent, also after a crash."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.folder / f".{os.getpid()}.tmp"
        digest = hashlib.sha256()
        try:
            with source.open("rb") as arrived, open(draft, "wb", opener=_private) as copy:
                while chunk := arrived.read(CHUNK):
                    digest.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
                os.fchmod(copy.fileno(), 0o400)
            place = self.path(digest.hexdigest())
            place.parent.mkdir(exist_ok=True, mode=0o700)
            os.replace(draft, place)
            self._unsettled |= {place.parent, self.folder}
        finally:
            draft.unlink(missing_ok=True)
        return digest.hexdigest()

    def remove(self, sha256: str) -> None:
        """Forget these bytes."""
        self.path(sha256).unlink(missing_ok=True)

    def keep_only(self, digests: Set[str]) -> int:
        """Remove all bytes but those with one of these digests; gives how many files went."""
        strange = [path for path in self.folder.glob("??/*") if path.name not in digests]
        for path in strange:
            path.unlink()
        return len(strange)

    def sweep(self) -> None:
        """Remove drafts that a killed run left behind."""
        for draft in self.folder.glob(".*.tmp"):
            draft.unlink(missing_ok=True)

    def settle(self) -> None:
        """Make the names of all copies durable."""
        for folder in sorted(self._unsettled):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        self._unsettled.clear()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
