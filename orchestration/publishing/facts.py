"""What a release is made from and what it is: facts of a run, releases, and their errors.

Only data and errors belong here; nothing here touches the disk or a database.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

SCHEMA = "marts"
DATABASE_FILE = "partner_scoring.duckdb"
MANIFEST_FILE = "manifest.json"
DIGESTS_FILE = "SHA256SUMS"
README_FILE = "README.md"
MODEL_CARD_FILE = "MODEL_CARD.md"
RELEASE_NOTES_FILE = "RELEASE_NOTES.md"
PARQUET_FOLDER = "parquet"
FORMAT_VERSION = 1


class PublishError(RuntimeError):
    """Publishing failed; the message says at what, what is served now, and the remedy."""


class NotPublishable(PublishError):
    """The checks of the run do not allow a release. `blockers` has one sentence for each."""

    def __init__(self, blockers: Sequence[str]) -> None:
        self.blockers = tuple(blockers)
        lines = "\n".join(f"- {blocker}" for blocker in self.blockers)
        super().__init__(f"Not published: {len(self.blockers)} check(s) stand against it.\n{lines}")


class DamagedRelease(PublishError):
    """A file of a release is not what its digests say."""


class NoRelease(PublishError):
    """The release that was asked for does not exist."""


@dataclass(frozen=True)
class RunFacts:
    """All that a release states about the run that made it. Times are UTC.

    `inputs`: one dict per file of the ledger (entity, path, sha256, rows, status, and what else
    landing it again takes). `asked`: the variables that the run was given; with `code_digest` they
    let a rerun start from the same. `policy_seal`: the newest seal of approved policy, whose hash
    stands for all before it.
    `totals`: counts of landing and staging. `check_results`: rows of `quality.check_results`
    (at least check_name, status, severity; run_id, observed and remedy where there are any).
    `fingerprint`: what `fingerprint()` gives for the run; see `made_from`.
    `engine`: the target of dbt that built the marts.
    `attachments`: name inside the release -> file or folder to copy there.
    `keys`: mart -> columns to sort it by; a mart without an entry is sorted by its first columns.
    `promises`: mart -> `key` (the columns that name a row) and `units` (by column), for those who
    copy marts elsewhere.
    """

    run_id: str
    started_at: datetime
    as_of: date
    known_at: datetime | None
    code_version: str
    framework_versions: Sequence[str]
    framework_hash: str
    inputs: Sequence[Mapping[str, Any]]
    totals: Mapping[str, Any]
    checks_expected: Sequence[str]
    check_results: Sequence[Mapping[str, Any]]
    fingerprint: str = ""
    engine: str = "duckdb"
    attachments: Mapping[str, Path] = field(default_factory=dict)
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    code_digest: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    policy_seal: Mapping[str, Any] = field(default_factory=dict)
    promises: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """One published release. `path` is its versioned folder, never the pointer."""

    id: str
    published_at: datetime
    as_of: date
    score_hash: str
    framework: str
    partners: int
    is_current: bool
    path: Path
    fingerprint: str = ""
    run_id: str = ""
    previous: str | None = None

    @property
    def database(self) -> Path:
        return self.path / DATABASE_FILE

    @property
    def manifest(self) -> Path:
        return self.path / MANIFEST_FILE


def fingerprint(
    *,
    as_of: date | None,
    known_at: datetime | None,
    code_version: str,
    framework_hash: str,
    inputs: Sequence[Mapping[str, Any]],
) -> str:
    """Digest of everything that decides what a run computes; equal runs have equal ones.

    Of the inputs only content and fate count, not path or order: a file that was renamed and
    landed nothing new changes no score.
    """
    files = sorted(f"{i.get('entity')} {i.get('sha256')} {i.get('status')}" for i in inputs)
    decides = [str(as_of), str(known_at or ""), code_version, framework_hash, *files]
    return hashlib.sha256(json.dumps(decides).encode()).hexdigest()
