"""From a reader's block to rows of a raw table: all text, personal data pseudonymised.

The same steps for every format: numbers of the contract's locale (CSV only), local times of the
contract's zone, pseudonyms, then the bookkeeping columns. No reading and no database here.
"""

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts import Contract
from orchestration.landing.local_times import LocalTimes
from orchestration.landing.numbers import NumberFormat
from orchestration.landing.parsed import Parsed
from orchestration.landing.pseudonyms import Pseudonyms


class RawRows:
    """Builds the raw rows of one contract."""

    def __init__(self, contract: Contract, pseudonyms: Pseudonyms) -> None:
        self._contract = contract
        self._pseudonyms = pseudonyms
        self._numbers = NumberFormat(contract)
        self._times = LocalTimes(contract.timezone) if contract.timezone else None

    def build(
        self, parsed: Parsed, file_format: str, file_id: int, loaded_at: datetime
    ) -> pa.Table:
        """The rows of a block, columns in the order of the contract, then the bookkeeping."""
        rows = parsed.rows
        columns: dict[str, pa.Array] = {}
        is_local = file_format.startswith("csv") and not self._numbers.is_plain
        local_numbers = self._numbers.columns if is_local else set()
        note: pa.Array = pa.nulls(rows, pa.string())
        for column in self._contract.columns:
            values = parsed.columns.get(column.name)
            if values is None or rows == 0:
                columns[column.name] = pa.nulls(rows, pa.string())
                continue
            if column.name in local_numbers:
                values = self._numbers.to_plain(values)
            if self._times is not None and column.data_type == "timestamp":
                values, flags = self._times.of_column(values)
                if flags is not None:
                    flags = pc.binary_join_element_wise(f"{column.name}: local time", flags, " ")
                    both = pc.binary_join_element_wise(note, flags, "; ")  # null unless both are
                    note = pc.coalesce(both, note, flags)
            if column.personal_data is not None:
                values = self._pseudonyms.of_column(values, column.personal_data)
            columns[column.name] = values.cast(pa.string())
        columns["_file_id"] = pa.repeat(pa.scalar(file_id, pa.int32()), rows)
        columns["_row_number"] = pa.array(parsed.row_numbers, pa.int64())
        columns["_loaded_at"] = pa.repeat(pa.scalar(loaded_at, pa.timestamp("us")), rows)
        columns["_note"] = note
        return pa.table(columns)
