"""What landing knows about files that were written again: rows, rejected lines and digests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from orchestration.contracts import Contract
from orchestration.database import quoted
from orchestration.landing.erasing.changes import Changes, EraseError, Rewritten
from orchestration.landing.erasing.values import ErasedValues
from orchestration.landing.ledger import FileOutcome, raw_table
from orchestration.landing.pseudonyms import Pseudonyms


def correct(
    connection: duckdb.DuckDBPyConnection,
    contracts: Mapping[str, Contract],
    rewritten: Sequence[Rewritten],
    pseudonyms: Pseudonyms,
    persons: ErasedValues,
    reason: str,
) -> None:
    """Raw rows, rejected lines and digests, in one transaction."""
    now = datetime.now(UTC).replace(tzinfo=None)
    connection.execute("begin")
    try:
        for each in rewritten:
            for file in each.files:
                if file.status == "landed":
                    contract = contracts[f"{file.source}.{file.entity}"]
                    _correct_rows(connection, contract, file, each.changes, pseudonyms)
                row = (file.file_id, file.sha256, file.bytes, each.sha256, each.bytes, reason, now)
                connection.execute(
                    "insert into landing.erasures values (?, ?, ?, ?, ?, ?, ?, null)", row
                )
            old = each.files[0].sha256
            connection.execute(
                "update landing.files set sha256 = ?, bytes = ? where sha256 = ?",
                [each.sha256, each.bytes, old],
            )
            connection.execute(
                "update landing.seen set sha256 = ? where sha256 = ?", [each.sha256, old]
            )
        for table, column in (("files", "reason"), ("rejects", "reason"), ("rejects", "text")):
            _without_words(connection, table, column, persons)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _correct_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    file: FileOutcome,
    changes: Changes,
    pseudonyms: Pseudonyms,
) -> None:
    table = raw_table(contract)
    numbers = pa.table({"n": pa.array(sorted({row for row, _, _ in changes.cells}), pa.int64())})
    lines = pa.table({"n": pa.array([n for n, _ in changes.lines], pa.int64())})
    connection.register("_numbers", numbers)
    connection.register("_lines", lines)
    rows = f"select _row_number from {table} where _file_id = {file.file_id}"
    rejected = f"select line_number from landing.rejects where file_id = {file.file_id}"
    if unlike := _unlike_then(connection, contract, file, changes, rows, rejected):
        raise EraseError(
            f"{file.path}: {unlike} when the file landed, so the contract of {contract.name} "
            "has changed since. Erase with the delimiter and encoding of then, and change them "
            "back afterwards. Nobody has been erased."
        )
    for number, why in changes.lines:
        if why is not None:
            connection.execute(
                "update landing.rejects set reason = ? where file_id = ? and line_number = ?",
                [why, file.file_id, number],
            )
    for column in contract.columns:
        texts = [(row, text) for row, name, text in changes.cells if name == column.name]
        if not texts:
            continue
        values = pa.array([text or None for _, text in texts], pa.string())
        if column.personal_data:
            values = pseudonyms.of_column(values, column.personal_data)
        news = pa.table({"n": pa.array([row for row, _ in texts], pa.int64()), "value": values})
        connection.register("_news", news)
        connection.execute(
            f"update {table} set {quoted(column.name)} = _news.value from _news "
            f"where _file_id = {file.file_id} and _row_number = _news.n"
        )
    for name in ("_numbers", "_lines", "_news"):
        connection.unregister(name)


def _unlike_then(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    file: FileOutcome,
    changes: Changes,
    rows: str,
    rejected: str,
) -> str | None:
    """What shows that the file is not read as it was on its first day, or None."""
    strange = {name for _, name, _ in changes.cells} - {each.name for each in contract.columns}
    for name in sorted(strange):
        if name not in (file.unknown_columns or ""):
            return f"the column {name!r} was none"
    # A record that landed and was not changed as one, or was changed and neither landed nor was
    # rejected.
    found = connection.execute(
        f"select min(n) from (select n from _numbers where n not in ({rows} union {rejected}) "
        f"union select n from _lines where n in ({rows}) and n not in (from _numbers))"
    ).fetchone()
    return f"line {found[0]} was read otherwise" if found and found[0] is not None else None


def _without_words(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, persons: ErasedValues
) -> None:
    for (text,) in connection.execute(
        f"select distinct {column} from landing.{table} where {column} is not null"
    ).fetchall():
        if (new := persons.without_words(text)) != text:
            query = f"update landing.{table} set {column} = ? where {column} = ?"
            connection.execute(query, [new, text])
