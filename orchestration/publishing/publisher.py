"""Publishing: from the working database to a release that is served, or nothing at all.

The order of the steps is the whole of the safety, and it is here: write beside, verify, put on
the disk, verify again, and only then move the pointer. How each step works is in its own module.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestration.publishing import copying, files, manifest, pointer
from orchestration.publishing.facts import (
    DATABASE_FILE,
    MANIFEST_FILE,
    MODEL_CARD_FILE,
    README_FILE,
    RELEASE_NOTES_FILE,
    DamagedRelease,
    PublishError,
    Release,
    RunFacts,
)
from orchestration.publishing.gate import assert_publishable
from orchestration.publishing.model_card import model_card
from orchestration.publishing.release_notes import release_notes
from orchestration.settings import Settings

STAMP = "%Y%m%dT%H%M%SZ"
Progress = Callable[[str], None]


def publish(settings: Settings, facts: RunFacts, *, progress: Progress | None = None) -> Release:
    """Make a release of schema `marts` of the working database, and serve it.

    Raises NotPublishable if the checks do not allow it, and PublishError (DamagedRelease among
    them) if it fails; the release that was served before is then still served. `progress` is
    told the name of each step when it is done.
    """
    assert_publishable(facts)
    if not settings.working_database.exists():
        raise PublishError("There is no working database to publish from. Build the marts first.")
    pointer.sweep(settings)
    settings.releases.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=pointer.INCOMING, dir=settings.releases))
    folder.chmod(0o755)  # mkdtemp lets only its owner in; readers are other people
    tell = _Steps(progress)
    with pointer.held(folder):
        try:
            release_id = _make(settings, facts, folder, tell)
            tell.next("name")
            os.rename(folder, settings.releases / release_id)
            files.sync(settings.releases)
            tell.next("serve")
            pointer.move(settings, release_id, action="publish", reason=f"run {facts.run_id}")
            tell.next("")
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, Exception):
                raise _explained(settings, error, tell.step) from error
            raise
    return pointer.find(settings, release_id)


def _make(settings: Settings, facts: RunFacts, folder: Path, tell: "_Steps") -> str:
    """Everything up to a folder that is whole, verified and on the disk; gives its id."""
    published_at = datetime.now(UTC).replace(microsecond=0)
    identity: dict[str, str] = {}

    def about(scores: str) -> Mapping[str, Any]:
        identity["id"] = _release_id(settings, facts, published_at, scores)
        return {
            "release_id": identity["id"],
            "published_at": published_at,
            "as_of": facts.as_of,
            "known_at": facts.known_at,
            "framework": ", ".join(facts.framework_versions),
            "run_id": facts.run_id,
            "code_version": facts.code_version,
        }

    # Each file's digest is taken as soon as it is written, so that damage is either older than the
    # digest and found in the content, or younger and found by the digest.
    known: dict[str, dict[str, int | str]] = {}
    tell.next("copy")
    content = copying.write_database(settings, folder, facts.keys, about)
    files.add_digests(folder, known)
    tell.next("parquet")
    copying.write_parquet(settings, folder, content.marts)
    files.add_digests(folder, known)
    tell.next("attach")
    for name, source in facts.attachments.items():
        files.attach(folder, name, source, settings)
    text = manifest.build_manifest(
        facts,
        release_id=identity["id"],
        published_at=published_at,
        previous=pointer.current_id(settings),
        content=content,
    )
    readme = files.without_paths(manifest.readme_text(text), settings)
    (folder / README_FILE).write_text(readme, encoding="utf-8")
    if card := model_card(text, folder / DATABASE_FILE):
        (folder / MODEL_CARD_FILE).write_text(card, encoding="utf-8")
    if notes := release_notes(text, folder, _before(settings)):
        notes = files.without_paths(notes, settings)
        (folder / RELEASE_NOTES_FILE).write_text(notes, encoding="utf-8")
    files.add_digests(folder, known)
    tell.next("verify")
    copying.verify_content(settings, folder, content)
    tell.next("describe")
    described = files.without_paths(manifest.manifest_text({**text, "files": known}), settings)
    (folder / MANIFEST_FILE).write_text(described, encoding="utf-8")
    manifest.read_manifest(folder)
    files.add_digests(folder, known)
    files.write_digests(folder, known)
    tell.next("seal")
    files.seal(folder)
    tell.next("check")
    files.verify_digests(folder)
    return identity["id"]


def _before(settings: Settings) -> tuple[Mapping[str, Any], Path] | None:
    """Manifest and folder of the release that is served; None if there is none that can be read."""
    served = pointer.current_id(settings)
    if served is None:
        return None
    folder = settings.releases / served
    try:
        return manifest.read_manifest(folder), folder
    except DamagedRelease:
        return None


def _release_id(settings: Settings, facts: RunFacts, published_at: datetime, scores: str) -> str:
    """Time and content. Later releases sort later, even if the clock was set back."""
    stamp = published_at
    if known := pointer.release_ids(settings):
        latest = datetime.strptime(known[-1].split("-")[0], STAMP).replace(tzinfo=UTC)
        stamp = max(stamp, latest + timedelta(seconds=1))
    content = "\n".join([scores, facts.fingerprint, facts.run_id, str(facts.as_of)])
    return f"{stamp:{STAMP}}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


class _Steps:
    """The step that is under way, for error messages, and word of each that is done."""

    def __init__(self, progress: Progress | None) -> None:
        self.step = "start"
        self.progress = progress

    def next(self, step: str) -> None:
        done, self.step = self.step, step
        if self.progress:
            self.progress(done)


def _explained(settings: Settings, error: Exception, step: str) -> PublishError:
    served = pointer.current_id(settings) or "nothing yet"
    remedy = "Publish again once the cause is gone."
    if isinstance(error, OSError) or "No space left" in str(error) or "write" in str(error):
        remedy = "See that the disk has room and can be written, then publish again."
    kind = type(error) if isinstance(error, PublishError) else PublishError
    return kind(f"Publishing failed at step '{step}': {error} Still served: {served}. {remedy}")
