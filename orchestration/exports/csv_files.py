"""A mart as CSV: RFC 4180, UTF-8, and nothing in it that a spreadsheet would run.

A null is an empty field and an empty text is `""`. A text that a spreadsheet would take for a
formula gets an apostrophe in front; numbers never do, so a column keeps its type. DuckDB makes the
lines, a query for each mart.
"""

from pathlib import Path

import duckdb

from orchestration.database import quoted
from orchestration.exports.facts import Column, Mart

# OWASP, "CSV injection": these begin a formula, some of them only in some programs or locales.
FULL_WIDTH = "\uff1d\uff0b\uff0d\uff20"  # = + - @ as Asian keyboards write them
FORMULA = rf"^[=+\-@\t\r\n{FULL_WIDTH}]"
ROWS_AT_ONCE = 50_000
LINE_END = "\r\n"


def write_csv(release: duckdb.DuckDBPyConnection, mart: Mart, target: Path) -> None:
    """One file with a header."""
    fields = ", ',', ".join(_field(column) for column in mart.columns)
    result = release.execute(f"select concat({fields}) from {mart.relation}")
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(_quoted(column.name) for column in mart.columns) + LINE_END)
        while lines := result.fetchmany(ROWS_AT_ONCE):
            file.writelines(line + LINE_END for (line,) in lines)


def disarmed(text: str) -> str:
    """SQL: a text that no spreadsheet takes for a formula."""
    return f"case when regexp_matches({text}, '{FORMULA}') then '''' || {text} else {text} end"


def _field(column: Column) -> str:
    name = quoted(column.name)
    if not column.is_text:
        return f"coalesce(cast({name} as varchar), '')"
    text = disarmed(f"cast({name} as varchar)")
    return (
        f"case when {name} is null then '' "
        f"when cast({name} as varchar) = '' or regexp_matches({text}, '[\",\\r\\n]') "
        f"then '\"' || replace({text}, '\"', '\"\"') || '\"' else {text} end"
    )


def _quoted(header: str) -> str:
    needs = any(character in header for character in '",\r\n')
    return '"' + header.replace('"', '""') + '"' if needs else header
