"""Erasing a person: out of the archive, the landing folder, the ledger and the raw rows.

`erase` is the way in. Nobody else's bytes change their meaning, and no score moves.
"""

from orchestration.landing.erasing.erasure import (
    EraseError,
    ErasureReport,
    complete,
    erase,
    read_values,
    to_follow,
    with_present_digests,
)

__all__ = [
    "EraseError",
    "ErasureReport",
    "complete",
    "erase",
    "read_values",
    "to_follow",
    "with_present_digests",
]
