"""Parquet without a person: columns of text are written anew, all others as they are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.landing.erasing.changes import Changes
from orchestration.landing.erasing.values import ErasedValues
from orchestration.landing.parquet_reader import ROWS, is_text
from orchestration.landing.problems import FileProblem


def rewrite_parquet(
    path: Path, kinds: Mapping[str, str], values: ErasedValues, draft: Path
) -> Changes:
    """Write `path` to `draft` without `values`, some rows at a time. Raises FileProblem."""
    changes = Changes()
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            schema = file.schema_arrow
            with pq.ParquetWriter(draft, schema, write_page_checksum=True) as writer:
                first = 1
                for batch in file.iter_batches(batch_size=ROWS):
                    columns = [
                        _without(batch.column(at), field, first, kinds, values, changes)
                        for at, field in enumerate(schema)
                    ]
                    writer.write_table(pa.table(columns, schema=schema))
                    first += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise FileProblem(
            f"the Parquet file cannot be read: {' '.join(str(error).split())[:200]}",
            "Send the file again.",
        ) from error
    return changes


def _without(
    column: pa.Array,
    field: pa.Field,
    first: int,
    kinds: Mapping[str, str],
    values: ErasedValues,
    changes: Changes,
) -> pa.Array:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if is_text(kind):
        distinct = pc.unique(column).to_pylist()
        new = {text: values.cell(text, kinds.get(field.name)) for text in distinct if text}
        if all(text == given for text, given in new.items()):
            return column
        texts = [new.get(text, text) for text in column.to_pylist()]
        changes.cells += [
            (first + at, field.name, text)
            for at, (text, given) in enumerate(zip(texts, column.to_pylist(), strict=True))
            if text != given
        ]
        return pa.array(texts, kind).cast(field.type)
    if pa.types.is_nested(field.type):  # no column of a contract, but perhaps of the file
        given = column.to_pylist()
        nested = [_nested(each, values) for each in given]
        changes.cells += [
            (first + at, field.name, "") for at, each in enumerate(nested) if each != given[at]
        ]
        return pa.array(nested, field.type)
    return column


def _nested(value: Any, values: ErasedValues) -> Any:
    if isinstance(value, str):
        return values.without_addresses(value)
    if isinstance(value, list):
        return [_nested(each, values) for each in value]
    if isinstance(value, dict):
        return {name: _nested(each, values) for name, each in value.items()}
    return value
