"""What the working database was last built from, so that a run knows whether it may add to it.

Incremental models only add what arrived since. That is right as long as code, policy and
variables are what they were; otherwise everything is built anew. Kept as a small JSON file beside
the database.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.settings import Settings
from orchestration.versions import code_digest


@dataclass(frozen=True)
class Build:
    """What decides a build, apart from the raw rows."""

    code: str
    target: str
    known_at: str | None
    reporting_currency: str

    @classmethod
    def of(cls, settings: Settings) -> "Build":
        known_at = settings.known_at.isoformat() if settings.known_at else None
        return cls(code_digest(), settings.target, known_at, settings.reporting_currency)


def may_add_to_last_build(settings: Settings, build: Build) -> bool:
    """True when the last whole build had the same code and variables and saw everything."""
    if (
        settings.full_refresh
        or build.known_at is not None
        or not settings.working_database.exists()
    ):
        return False
    try:
        return Build(**json.loads(_file(settings).read_text())) == build
    except (OSError, ValueError, TypeError):
        return False


def remember(settings: Settings, build: Build | None) -> None:
    """Note a whole build; None forgets the last one."""
    if build is None:
        _file(settings).unlink(missing_ok=True)
    else:
        _file(settings).write_text(json.dumps(asdict(build)))


def _file(settings: Settings) -> Path:
    return settings.warehouse / "build.json"
