"""Why a file cannot be trusted, in words: a reason and what to do about it.

Raised by any reader for a whole file; landing turns it into a quarantined file. Faults of single
lines are not problems of the file: readers return them as rejects.
"""

from dataclasses import dataclass


class FileProblem(Exception):
    """The file is quarantined whole. `reason` says what is wrong, `remedy` what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class ConservationError(Exception):
    """A reader's rows, rejects and other lines do not add up to the lines of the file."""


@dataclass(frozen=True)
class Reject:
    """A line that does not fit its file's structure, with its text."""

    line_number: int
    reason: str
    text: str
