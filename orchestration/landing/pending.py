"""What lies in the landing folder, and what is new: names, sizes, times only, nothing is read."""

import hashlib
from dataclasses import dataclass

from orchestration.landing import arrivals, ledger
from orchestration.settings import Settings


@dataclass(frozen=True)
class Pending:
    """New files at this moment. False when there are none; `signature` names this very set."""

    files: int
    signature: str

    def __bool__(self) -> bool:
        return self.files > 0


def pending(settings: Settings) -> Pending:
    """Files that landing has not seen in their present state."""
    seen = _seen(settings)
    new = [
        each
        for each in arrivals.look(settings.landing, 0).ready
        if seen.get(each.path) != each.state
    ]
    signature = hashlib.sha256(repr([(each.path, each.state) for each in new]).encode()).hexdigest()
    return Pending(len(new), signature)


def arrived(settings: Settings) -> dict[str, list[str]]:
    """The entities that have landed or have files in the landing folder, with the paths of these.
    Whether the folder is one of a contract, and the file is any good, is not looked at."""
    found: dict[str, list[str]] = {name: [] for name in _landed(settings)}
    for each in arrivals.look(settings.landing, 0).ready:
        name = "" if each.misplaced else f"{each.source}.{each.entity}"
        found.setdefault(name, []).append(each.path)
    return found


def _landed(settings: Settings) -> list[str]:
    query = "select distinct source || '.' || entity from landing.files where status = 'landed'"
    with ledger.opened(settings) as connection:
        rows = connection.execute(query).fetchall() if connection else []
    return [name for (name,) in rows]


def _seen(settings: Settings) -> dict[str, tuple[int, int, int]]:
    query = "select path, size, mtime_ns, ctime_ns from landing.seen"
    with ledger.opened(settings) as connection:
        rows = connection.execute(query).fetchall() if connection else []
    return {path: (size, mtime, ctime) for path, size, mtime, ctime in rows}
