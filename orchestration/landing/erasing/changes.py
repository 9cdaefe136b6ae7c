"""What was changed in a file, in the terms of the raw table and of the rejected lines."""

from dataclasses import dataclass, field

from orchestration.landing.ledger import FileOutcome


class EraseError(RuntimeError):
    """Nobody was erased; the message says why and what to do."""


@dataclass
class Changes:
    """Cells as (row number, column, new text), lines as (line number, why it is rejected now).

    A reason is given where it tells a place in the line, which may have moved. A row number is that
    of the raw table: the line on which a record starts, or its row in Parquet.
    """

    cells: list[tuple[int, str, str]] = field(default_factory=list)
    lines: list[tuple[int, str | None]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.cells or self.lines)


@dataclass(frozen=True)
class Rewritten:
    """New bytes, and the rows of the ledger that had the old ones."""

    files: list[FileOutcome]
    sha256: str
    bytes: int
    changes: Changes
