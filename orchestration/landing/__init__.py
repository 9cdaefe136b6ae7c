"""Landing: files become raw rows, exactly once, with nothing lost.

`land` is the way in. Plain Python over DuckDB and Arrow; no Dagster and no dbt here.
"""

from orchestration.landing.erasing import EraseError, with_present_digests
from orchestration.landing.ledger import FileOutcome
from orchestration.landing.pending import Pending, arrived, pending
from orchestration.landing.replay import ReplayError, damaged, recorded, replay
from orchestration.landing.run import (
    LandingReport,
    dismiss,
    first_rejects,
    land,
    unresolved_quarantines,
)

__all__ = [
    "EraseError",
    "FileOutcome",
    "LandingReport",
    "Pending",
    "ReplayError",
    "arrived",
    "damaged",
    "dismiss",
    "first_rejects",
    "land",
    "pending",
    "recorded",
    "replay",
    "unresolved_quarantines",
    "with_present_digests",
]
