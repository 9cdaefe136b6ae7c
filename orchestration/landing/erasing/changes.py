"""What was changed in a file, in the terms of the raw table and of the rejected lines."""

from dataclasses import dataclass, field


@dataclass
class Changes:
    """Cells as (row number, column, new text), lines as (line number, new text).

    A row number is that of the raw table: the line on which a record starts, or its row in Parquet.
    """

    cells: list[tuple[int, str, str]] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.cells or self.lines)
