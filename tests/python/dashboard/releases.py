"""Releases for tests to change: a copy of a real one, published as the next."""

import json
import os
import secrets
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration import publishing
from orchestration.settings import Settings


def copied(source: Path, target: Path) -> Settings:
    """A warehouse that holds a copy of the served release of another and nothing else."""
    served = os.readlink(source / "releases" / "current")
    (target / "releases").mkdir(parents=True)
    shutil.copytree(source / "releases" / served, target / "releases" / served)
    (target / "releases" / "current").symlink_to(served)
    return Settings(landing=target / "landing", warehouse=target)


def publish_changed(settings: Settings, statements: Sequence[str]) -> str:
    """Serve a copy of the served release in which some rows were changed; its id."""
    served = publishing.current(settings)
    assert served is not None
    release_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    folder = settings.releases / release_id
    shutil.copytree(served.path, folder)
    for name in ("partner_scoring.duckdb", "manifest.json"):
        (folder / name).chmod(0o644)
    with duckdb.connect(str(folder / "partner_scoring.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute("update release.about set release_id = ?", [release_id])
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["release_id"] = release_id
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    point_at(settings, release_id)
    return release_id


def point_at(settings: Settings, release_id: str) -> None:
    """Move the pointer in one step, as publishing does."""
    link = settings.releases / ".next"
    link.symlink_to(release_id)
    os.replace(link, settings.releases / "current")
