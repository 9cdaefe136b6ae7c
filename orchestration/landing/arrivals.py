"""Which files lie in the landing folder, and which of them are ready to be read.

Looks at names, sizes and times only. A file is ready when it has rested for the settle time, or
when a second look finds it unchanged; names that begin with `.` or `_` or end in `.part` or
`.tmp` belong to a writer that has not finished.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.preflight import format_of

SIDECAR = ".sha256"
UNFINISHED = (".part", ".tmp")


@dataclass(frozen=True)
class Arrival:
    """A file of the landing folder. `state` changes whenever its bytes may have."""

    location: Path
    path: str  # below the landing folder, as text that a database can hold
    source: str
    entity: str
    format: str | None
    size: int
    state: tuple[int, int, int]  # size, mtime_ns, ctime_ns
    misplaced: bool = False

    @property
    def sidecar(self) -> Path:
        """Where a digest of the file may lie beside it."""
        return self.location.with_name(self.location.name + SIDECAR)


@dataclass(frozen=True)
class Arrivals:
    """What one look at the folder found, sorted by path."""

    ready: list[Arrival]
    waiting: list[str]


def look(landing: Path, settle_seconds: float) -> Arrivals:
    """Find the files; wait up to `settle_seconds`, once, if some are very new."""
    found, unfinished = _scan(landing)
    fresh = {each.path for each in found if _age(each) < settle_seconds}
    if not fresh:
        return Arrivals(found, unfinished)
    youngest = min(max(0.0, _age(each)) for each in found if each.path in fresh)
    time.sleep(max(0.0, settle_seconds - youngest))
    again = {each.path: each.state for each in _scan(landing)[0]}
    ready = [e for e in found if e.path not in fresh or again.get(e.path) == e.state]
    names = {each.path for each in ready}
    return Arrivals(ready, unfinished + [e.path for e in found if e.path not in names])


def _age(arrival: Arrival) -> float:
    """Seconds since the file was last written to."""
    return time.time() - arrival.state[1] / 1e9


def _scan(landing: Path) -> tuple[list[Arrival], list[str]]:
    found: list[Arrival] = []
    unfinished: list[str] = []
    folders: list[tuple[Path, tuple[str, ...]]] = [(landing, ())] if landing.is_dir() else []
    while folders:
        folder, above = folders.pop()
        for entry in os.scandir(folder):
            parts = (*above, as_text(entry.name))
            if entry.name.startswith((".", "_")):
                continue
            if entry.is_dir():
                folders.append((Path(entry.path), parts))
            elif entry.name.endswith(UNFINISHED):
                unfinished.append("/".join(parts))
            elif entry.is_file() and not entry.name.endswith(SIDECAR):
                arrival = _arrival(entry, parts)
                if not arrival.misplaced or arrival.format is not None:
                    found.append(
                        arrival
                    )  # others, such as a README beside the folders, are no data
    return sorted(found, key=lambda each: each.path), sorted(unfinished)


def _arrival(entry: os.DirEntry[str], parts: tuple[str, ...]) -> Arrival:
    stat = entry.stat()
    source, entity = (*parts[:-1], "", "")[:2]
    return Arrival(
        Path(entry.path),
        "/".join(parts),
        source,
        entity,
        format_of(entry.name),
        stat.st_size,
        state_of(stat),
        misplaced=len(parts) != 3,
    )


def state_of(stat: os.stat_result) -> tuple[int, int, int]:
    """What changes whenever the bytes of a file do."""
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def as_text(name: str) -> str:
    """A file name as valid text: bytes that are no UTF-8 are written as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
