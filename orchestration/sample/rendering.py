"""From codes to values: a batch becomes an Arrow table with the columns of the landing contract.

Parquet files carry the table as it is (UTC times, decimals); text files carry times with the
offset that their source would write. Files and dirt belong elsewhere.
"""

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import names
from orchestration.sample.parameters import DAY_SECONDS, Parameters
from orchestration.sample.population import Population
from orchestration.sample.randomness import NEVER, Array
from orchestration.sample.records import SHAPES, Batch, Column

ID_WIDTH = 9
PARTNER_WIDTH = 6
MONEY = pa.decimal128(18, 2)
INSTANT = pa.timestamp("us", tz="UTC")


class Renderer:
    """Renders the batches of one programme."""

    def __init__(self, parameters: Parameters, population: Population) -> None:
        self.parameters, self.population = parameters, population
        numbers = range(population.size)
        self.partner_ids = _numbered(np.arange(population.size) + 1, "P", PARTNER_WIDTH)
        self.partner_names = pa.array([self._partner_name(number) for number in numbers])

    def _partner_name(self, number: int) -> str:
        """Two words and a legal form; unlike for different numbers until words run out."""
        first = names.FIRST_WORDS[number % len(names.FIRST_WORDS)]
        second = names.SECOND_WORDS[number // len(names.FIRST_WORDS) % len(names.SECOND_WORDS)]
        forms = names.LEGAL_FORMS[self.population.region[number]]
        form = forms[number % len(forms)]
        distinct = number // (len(names.FIRST_WORDS) * len(names.SECOND_WORDS))
        suffix = f" {distinct + 1}" if distinct else ""
        return f"{first} {second}{suffix}{'' if form.startswith(',') else ' '}{form}"

    def table(self, batch: Batch) -> pa.Table:
        """Natural types: strings, integers, UTC timestamps, dates, decimals, booleans."""
        shape = SHAPES[batch.entity]
        return pa.table(
            {each.name: self._column(each, batch.columns[each.name]) for each in shape.columns}
        )

    def offsets(self, batch: Batch) -> Array:
        """Seconds east of UTC with which each record's times are written."""
        if SHAPES[batch.entity].clock != "region":
            return np.zeros(batch.size, dtype=np.int64)
        return np.asarray(self.population.offset[batch.columns["partner_id"]])

    def _column(self, column: Column, values: Array) -> pa.Array:
        match column.kind:
            case "time" | "plan":
                seconds = np.where(values == NEVER, 0, values)
                return pa.array(seconds * 1_000_000, mask=values == NEVER).cast(INSTANT)
            case "date":
                days = np.where(values == NEVER, 0, values // DAY_SECONDS).astype(np.int32)
                return pa.array(days, mask=values == NEVER).cast(pa.date32())
            case "flag":
                return pa.array(values == 1, mask=values < 0)
            case "number":
                return pa.array(values.astype(np.int64), mask=values < 0)
            case "money":
                cents = pa.array(values.astype(np.int64), mask=values < 0)
                return pc.multiply(
                    cents.cast(pa.decimal128(19, 0)), pa.scalar(Decimal("0.01"))
                ).cast(MONEY)
            case "word":
                return _take(pa.array(column.words), values)
            case "partner":
                return _take(self.partner_ids, values)
            case "partner_name":
                return _take(self.partner_names, values)
            case "constant":
                return pa.array([self.parameters.experiment_id] * len(values), pa.string())
            case "email":
                domain = "@programme.example" if column.prefix == "manager" else "@partner.example"
                return pc.binary_join_element_wise(_numbered(values, column.prefix, 1), domain, "")
            case "person":
                return _numbered(values, column.prefix, 1)
            case _:  # id, reference
                return _numbered(values, column.prefix, ID_WIDTH)


def texts(table: pa.Table, entity: str, offsets: Array) -> list[list[str | None]]:
    """The columns of a table as text, times with their offset; None where there is no value."""
    found: list[list[str | None]] = []
    for column in SHAPES[entity].columns:
        values = table.column(column.name).combine_chunks()
        if column.kind in ("time", "plan"):
            found.append(_written_times(values, offsets, SHAPES[entity].clock))
        elif column.kind == "flag":
            found.append(
                [None if each is None else str(each).lower() for each in values.to_pylist()]
            )
        else:
            found.append([None if each is None else str(each) for each in values.to_pylist()])
    return found


def _written_times(values: pa.Array, offsets: Array, clock: str) -> list[str | None]:
    seconds = values.cast(pa.int64()).fill_null(0).to_numpy() // 1_000_000
    local = np.datetime_as_string((seconds + offsets).astype("datetime64[s]")).tolist()
    suffixes = {int(each): _suffix(int(each), clock) for each in np.unique(offsets)}
    known = values.is_valid().to_pylist()
    return [
        text + suffixes[offset] if is_known else None
        for text, offset, is_known in zip(local, offsets.tolist(), known, strict=True)
    ]


def _suffix(offset: int, clock: str) -> str:
    if clock == "Z":
        return "Z"
    return f"{'-' if offset < 0 else '+'}{abs(offset) // 3600:02d}:{abs(offset) % 3600 // 60:02d}"


def _take(words: pa.Array, codes: Array) -> pa.Array:
    return words.take(pa.array(codes.astype(np.int64), mask=codes < 0))


def _numbered(values: Array, prefix: str, width: int) -> Any:
    number = pa.array(values.astype(np.int64), mask=values < 0).cast(pa.string())
    return pc.binary_join_element_wise(pa.scalar(prefix), pc.utf8_lpad(number, width, "0"), "-")
