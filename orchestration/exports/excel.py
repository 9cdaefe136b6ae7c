"""Marts as one workbook of Excel: a sheet each, what it is first, and what every column means.

Numbers, dates and truth values keep their type. Texts are written as texts, so that none is a
formula or a link, whatever it begins with.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from orchestration.exports.facts import Column, ExportError, Mart

EXCEL_ROWS = 1_048_576  # of a sheet, its header included
EXCEL_TEXT = 32_767  # characters of a cell
EXCEL_NAME = 31  # characters of a sheet's name
EXACT = 2**53  # the whole numbers that a cell keeps exactly
FIRST_YEAR = 1900
ROWS_AT_ONCE = 10_000
WIDTH = 60
ABOUT, DESCRIPTIONS = "about", "descriptions"
PLAIN = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}


def write_excel(
    release: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    target: Path,
    about: Mapping[str, Any],
    progress: Callable[[str], None],
) -> None:
    """Write the workbook; refused before a byte is written where a mart is too long for a sheet."""
    _refuse_what_does_not_fit(marts)
    names = _sheet_names(marts)
    with xlsxwriter.Workbook(str(target), {**PLAIN, "tmpdir": str(target.parent)}) as book:
        formats = _formats(book)
        # The same release gives the same bytes, whenever it is exported.
        book.set_properties({"title": f"Release {about['release_id']}", "created": _made(about)})
        _table(
            book.add_worksheet(ABOUT), ("what", "is"),
            [(name.replace("_", " "), str(value)) for name, value in about.items()], formats,
        )  # fmt: skip
        _table(
            book.add_worksheet(DESCRIPTIONS),
            ("sheet", "mart", "column", "type", "description"),
            _descriptions(marts, names),
            formats,
        )
        for mart in marts:
            _sheet(book.add_worksheet(names[mart.name]), release, mart, formats)
            progress(f"{mart.name}: {mart.rows:,} rows")


def _refuse_what_does_not_fit(marts: Sequence[Mart]) -> None:
    if long := [mart for mart in marts if mart.rows >= EXCEL_ROWS]:
        said = ", ".join(f"{mart.name} ({mart.rows:,} rows)" for mart in long)
        raise ExportError(
            f"A sheet of Excel holds {EXCEL_ROWS - 1:,} rows, and more are in {said}. Leave these "
            "out with --marts, or export them as CSV or Parquet."
        )


def _sheet_names(marts: Sequence[Mart]) -> dict[str, str]:
    """Sheet by mart; a name that is too long is cut, and numbered where that makes two alike."""
    found: dict[str, str] = {}
    taken = {ABOUT, DESCRIPTIONS}
    for mart in marts:
        name, number = mart.name[:EXCEL_NAME], 1
        while name.lower() in taken:
            number += 1
            name = f"{mart.name[: EXCEL_NAME - 1 - len(str(number))]}_{number}"
        taken.add(name.lower())
        found[mart.name] = name
    return found


def _formats(book: Any) -> dict[str, Format]:
    return {
        "header": book.add_format({"bold": True, "bottom": 1, "text_wrap": False}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }


def _descriptions(marts: Sequence[Mart], names: Mapping[str, str]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for mart in marts:
        rows.append((names[mart.name], mart.name, "", "", mart.description))
        rows += [
            (names[mart.name], mart.name, each.name, each.type.lower(), each.description)
            for each in mart.columns
        ]
    return rows


def _table(
    sheet: Worksheet, header: Sequence[str], rows: Sequence[Sequence[str]],
    formats: Mapping[str, Format],
) -> None:  # fmt: skip
    for at, title in enumerate(header):
        widest = max([len(title), *(len(row[at]) for row in rows)])
        sheet.set_column(at, at, min(widest + 2, 2 * WIDTH))
    _header(sheet, header, formats)
    for number, row in enumerate(rows, start=1):
        for at, text in enumerate(row):
            sheet.write_string(number, at, text)


def _header(sheet: Worksheet, titles: Sequence[str], formats: Mapping[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, formats["header"])


def _sheet(
    sheet: Worksheet,
    release: duckdb.DuckDBPyConnection,
    mart: Mart,
    formats: Mapping[str, Format],
) -> None:
    titles = [column.name for column in mart.columns]
    for at, column in enumerate(mart.columns):
        least = 20 if column.type.startswith("TIMESTAMP") else 12
        sheet.set_column(at, at, min(max(len(column.name) + 2, least), WIDTH))
    if mart.rows:
        sheet.autofilter(0, 0, mart.rows, len(titles) - 1)
    _header(sheet, titles, formats)
    result = release.execute(f"from {mart.relation}")
    number = 0
    while rows := result.fetchmany(ROWS_AT_ONCE):
        for row in rows:
            number += 1
            for at, value in enumerate(row):
                if value is not None:
                    _cell(sheet, number, at, value, mart.columns[at], formats)


def _cell(
    sheet: Worksheet, row: int, at: int, value: Any, column: Column, formats: Mapping[str, Format]
) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif column.is_number and math.isfinite(value) and abs(value) <= EXACT:
        sheet.write_number(row, at, value)
    elif isinstance(value, datetime) and value.year >= FIRST_YEAR:
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(row, at, moment, formats["time"])
    elif isinstance(value, date) and value.year >= FIRST_YEAR:
        sheet.write_datetime(row, at, value, formats["date"])
    elif sheet.write_string(row, at, text := str(value)) == -2:
        raise ExportError(
            f"A cell of Excel holds {EXCEL_TEXT:,} characters, and {column.name} has a text of "
            f"{len(text):,}. Leave its mart out with --marts, or export it as CSV or Parquet."
        )


def _made(about: Mapping[str, Any]) -> datetime:
    published: datetime = about["published_at"]
    return published.astimezone(UTC).replace(tzinfo=None) if published.tzinfo else published
