"""Parquet: columns by name, types that fit the contract's, values as canonical text.

Pages are verified where the writer stored checksums; a sha256 sidecar covers the others.
Timestamps become UTC with an offset, decimals and doubles plain digits without an exponent.
"""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.contracts import Contract
from orchestration.landing.csv_header import check_names, missing_columns, missing_problem
from orchestration.landing.parsed import Parsed
from orchestration.landing.problems import FileProblem

ROWS = 100_000


class ParquetReader:
    """Reads one Parquet file; its lines are its rows, counting from 1."""

    def __init__(self, path: Path, contract: Contract) -> None:
        self._path = path
        self._contract = contract
        self.lines = 0
        self.unknown_columns: list[str] = []

    def read(self) -> Iterator[Parsed]:
        """Yield the row groups of the file in parts. Raises FileProblem."""
        try:
            with pq.ParquetFile(self._path, page_checksum_verification=True) as file:
                yield from self._read(file)
        except (pa.ArrowException, OSError, MemoryError, ValueError) as error:
            words = " ".join(str(error).split())[:200]
            raise FileProblem(
                f"the Parquet file is damaged: {words}",
                "Send the file again; compare its sha256 with the sender's.",
            ) from error

    def _read(self, file: pq.ParquetFile) -> Iterator[Parsed]:
        schema = file.schema_arrow
        self._check(schema)
        self.lines = file.metadata.num_rows
        known = [column.name for column in self._contract.columns if column.name in schema.names]
        self.unknown_columns = [name for name in schema.names if name not in known]
        start = 1
        for batch in file.iter_batches(batch_size=ROWS, columns=known):
            columns = {name: to_text(batch.column(name)) for name in known}
            yield Parsed(columns, np.arange(start, start + batch.num_rows, dtype=np.int64))
            start += batch.num_rows

    def _check(self, schema: pa.Schema) -> None:
        check_names(schema.names)
        for name in schema.names:
            if schema.names.count(name) > 1:
                raise FileProblem(f"the column {name!r} occurs twice", "Export each column once.")
        if missing := missing_columns(schema.names, self._contract):
            raise missing_problem(missing, schema.names, self._contract)
        for column in self._contract.columns:
            if column.name in schema.names:
                found = schema.field(column.name).type
                if not fits(found, column.data_type, self._contract.timezone):
                    zone = pa.types.is_timestamp(found) and found.tz is None
                    hint = ", or name the zone of its times in the contract" if zone else ""
                    raise FileProblem(
                        f"column {column.name!r} is {found} where the contract has "
                        f"{column.data_type}",
                        f"Write it as {column.data_type}{hint}.",
                    )


def fits(found: pa.DataType, wanted: str, zone: str | None) -> bool:
    """Whether a Parquet type can hold values of a contract's type and nothing else."""
    if pa.types.is_dictionary(found):
        found = found.value_type
    if pa.types.is_null(found):
        return True
    text = is_text(found)
    if wanted == "timestamp":
        return text or (pa.types.is_timestamp(found) and (found.tz is not None or bool(zone)))
    if wanted == "date":
        return text or pa.types.is_date(found)
    if wanted == "integer":
        return pa.types.is_integer(found)
    if wanted == "boolean":
        return pa.types.is_boolean(found)
    if wanted.startswith("decimal"):
        return (
            pa.types.is_decimal(found)
            or pa.types.is_integer(found)
            or found in (pa.float32(), pa.float64())
        )
    return text


def to_text(column: pa.Array) -> pa.Array:
    """Values as canonical text; empty text becomes null, as in every format."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_timestamp(kind):
        return _timestamps(column)
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return _digits(column)
    text = column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), None, text) if is_text(kind) else text


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds text."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.string_view()


def _timestamps(column: pa.Array) -> pa.Array:
    """ISO 8601; instants in UTC with an offset, local times without. Never fewer digits."""
    offset = "+00:00" if column.type.tz is not None else ""
    local = column.cast(pa.timestamp(column.type.unit, "UTC")) if offset else column
    local = local.cast(pa.timestamp(column.type.unit)) if offset else local
    with suppress(pa.ArrowInvalid):  # nanoseconds that a microsecond cannot hold: text keeps them
        local = local.cast(pa.timestamp("us"))
    text = pc.replace_substring(local.cast(pa.string()), " ", "T", max_replacements=1)
    return pc.binary_join_element_wise(text, offset, "")


def _digits(column: pa.Array) -> pa.Array:
    """Plain digits; doubles the shortest that read back as the same double."""
    text = column.cast(pa.string())
    if not pc.any(pc.match_substring_regex(text, "[eE]")).as_py():
        return text
    return pa.array([_plain(value) for value in text.to_pylist()], pa.string())


def _plain(value: str | None) -> str | None:
    return format(Decimal(value), "f") if value and value[-1:].isdigit() else value
