"""What every reader yields: a block of rows as text, where they stood, and the lines that are none.

No format and no database here.
"""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from orchestration.landing.problems import Reject


@dataclass
class Parsed:
    """Rows of one block. `columns` holds those that the contract knows, as text, in any order."""

    columns: dict[str, pa.Array]
    row_numbers: np.ndarray  # physical line on which each row starts, counting from 1
    rejects: list[Reject] = field(default_factory=list)
    header_lines: int = 0
    blank_lines: int = 0
    continuation_lines: int = 0

    @property
    def rows(self) -> int:
        return len(self.row_numbers)


def empty_is_null(values: list[str]) -> pa.Array:
    """Text as an Arrow column; an empty value is null, in every format."""
    return pa.array([value or None for value in values], pa.string())
