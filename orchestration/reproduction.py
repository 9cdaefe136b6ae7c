"""A release made again from its manifest, and compared with what was published.

The code of then does the work in another process and a temporary warehouse; the release that is
served, the working database and its lock are not touched. See `docs/governance.md`.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration import landing, publishing
from orchestration.governance.comparing import Comparison, compare
from orchestration.governance.past_code import CodeGone, code_of
from orchestration.settings import PROJECT_DIR, Settings

Tell = Callable[[str], None]


class NotReproducible(RuntimeError):
    """The release cannot be made again at all; the message says what is missing."""


@dataclass(frozen=True)
class Reproduction:
    """How a release and its rebuilt twin compare, and with which code it was rebuilt."""

    release: publishing.Release
    comparison: Comparison
    code: str


def reproduce(
    settings: Settings,
    release_id: str | None = None,
    tell: Tell = lambda _line: None,
    project: Path = PROJECT_DIR,
) -> Reproduction:
    """Rebuild a release (default: the served one) and compare. Raises NotReproducible."""
    release = publishing.find(settings, release_id)
    publishing.verify_digests(release.path)
    manifest = publishing.read_manifest(release.path)
    run = manifest["run"]
    if not run.get("asked") or not run.get("code_digest"):
        raise NotReproducible(
            f"{release.id}: its manifest is from before manifests said with which variables and in "
            "which order files landed."
        )
    tell(f"{release.id}: {len(manifest['inputs'])} files of the archive are verified")
    inputs = landing.with_present_digests(settings, manifest["inputs"])
    files = [landing.recorded(entry) for entry in inputs]
    if problems := landing.damaged(settings.archive, files):
        raise NotReproducible(
            f"{release.id}: the archive is not what it was. {'; '.join(problems)}. Restore "
            "archive/ from your backup."
        )
    settings.temp.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="reproduce-", dir=settings.temp) as made:
        folder = Path(made)
        try:
            with code_of(run, folder, project) as code:
                tell(f"{release.id}: built again by {code.words}")
                present = folder / release.manifest.name
                present.write_text(json.dumps({**manifest, "inputs": inputs}), encoding="utf-8")
                rebuilt = _rebuild(settings, release.id, present, code.project, code.python)
        except CodeGone as gone:
            raise NotReproducible(f"{release.id}: {gone}") from gone
        if rebuilt["code_digest"] != run["code_digest"]:
            raise NotReproducible(
                f"{release.id}: the files of {run['code_version']} are not those it was made by. "
                "Something that git does not track took part."
            )
        working = folder / "warehouse" / settings.working_database.name
        erased = sum(now != then for now, then in zip(inputs, manifest["inputs"], strict=True))
        compared = compare(manifest, rebuilt, release.database, working, files_erased_from=erased)
        return Reproduction(release, compared, code.words)


def _rebuild(
    settings: Settings, release: str, manifest: Path, project: Path, python: Path
) -> dict[str, Any]:
    warehouse = manifest.parent / "warehouse"
    # Settings of this run are none of that one's.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PARTNER_SCORING_", "DBT_"))}
    limits = {
        "PARTNER_SCORING_MEMORY_LIMIT": settings.memory_limit,
        "PARTNER_SCORING_TEMP_LIMIT": settings.temp_limit,
        "PARTNER_SCORING_THREADS": str(settings.threads),
    }
    words = [manifest, settings.archive, settings.pseudonym_key, warehouse]
    done = subprocess.run(
        [str(python), "-m", "orchestration.rebuilding", *map(str, words)],
        cwd=project,
        env={**kept, **limits, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise NotReproducible(f"{release}: {done.stderr.strip()[-4000:]}")
    found: dict[str, Any] = json.loads((warehouse / "rebuilt.json").read_text(encoding="utf-8"))
    return found
