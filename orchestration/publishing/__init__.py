"""Releases: made from the working database, verified, served through one pointer, rolled back.

Plain Python: it knows neither the orchestrator nor the other stages. See `docs/releases.md`.
"""

from orchestration.publishing.facts import (
    DamagedRelease,
    NoRelease,
    NotPublishable,
    PublishError,
    Release,
    RunFacts,
    fingerprint,
)
from orchestration.publishing.files import verify_digests
from orchestration.publishing.manifest import read_manifest
from orchestration.publishing.pointer import (
    current,
    current_id,
    find,
    made_from,
    releases,
    rollback,
    serve,
    sweep,
    taken_back,
)
from orchestration.publishing.pruning import prune, removable
from orchestration.publishing.publisher import publish
from orchestration.publishing.readers import connect_hardened, open_release, query
from orchestration.publishing.scores import mart_hash, score_hash

__all__ = [
    "DamagedRelease",
    "NoRelease",
    "NotPublishable",
    "PublishError",
    "Release",
    "RunFacts",
    "connect_hardened",
    "current",
    "current_id",
    "find",
    "fingerprint",
    "made_from",
    "mart_hash",
    "open_release",
    "prune",
    "publish",
    "query",
    "read_manifest",
    "releases",
    "removable",
    "rollback",
    "score_hash",
    "serve",
    "sweep",
    "taken_back",
    "verify_digests",
]
