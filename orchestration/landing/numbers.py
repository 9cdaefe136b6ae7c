"""Numbers as a contract's locale writes them, brought to plain text (`1234.50`).

Only for CSV: JSON and Parquet carry numbers, not their spelling. A value that fits the locale's
full pattern is rewritten; any other text is left as it is, for staging to quarantine. The one
exception is text that does not fit the locale but would pass as a plain number (`1.234` where
the comma is the decimal sign): it would be read as another number, so its line is rejected.
"""

import re

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts import Contract

PLAIN = r"^[+-]?[0-9]+(\.[0-9]+)?$"


class NumberFormat:
    """How one contract writes numbers, and which of its columns hold any."""

    def __init__(self, contract: Contract) -> None:
        self.decimal = contract.decimal_separator
        self.thousands = contract.thousands_separator
        self.columns = {
            column.name
            for column in contract.columns
            if column.data_type == "integer" or column.data_type.startswith("decimal")
        }
        fraction = f"({re.escape(self.decimal)}[0-9]+)?"
        whole = "[0-9]+"
        if self.thousands:
            whole = f"([0-9]+|[0-9]{{1,3}}({re.escape(self.thousands)}[0-9]{{3}})+)"
        self.pattern = f"^[+-]?{whole}{fraction}$"
        self._local, self._plain = re.compile(self.pattern), re.compile(PLAIN)

    @property
    def is_plain(self) -> bool:
        """True where the contract names no locale, so nothing is to be done."""
        return self.decimal == "." and not self.thousands

    def misleads(self, value: str) -> bool:
        """Whether a value is no number of this locale but would pass as another number."""
        return bool(self._plain.fullmatch(value)) and not self._local.fullmatch(value)

    def any_misleads(self, column: pa.Array) -> bool:
        """`misleads` for a whole column."""
        plain = pc.match_substring_regex(column, PLAIN)
        local = pc.match_substring_regex(column, self.pattern)
        return bool(pc.any(pc.and_not(plain, local)).as_py())

    def to_plain(self, column: pa.Array) -> pa.Array:
        """Rewrite the values that fit the locale's pattern."""
        text = column
        if self.thousands:
            text = pc.replace_substring(text, self.thousands, "")
        if self.decimal != ".":
            text = pc.replace_substring(text, self.decimal, ".")
        return pc.if_else(pc.match_substring_regex(column, self.pattern), text, column)
