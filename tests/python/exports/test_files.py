"""Exports say what the release says, in types that programs keep, and nothing in them runs (S6)."""

import csv
import io
import json
import math
import os
import shutil
import signal
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars
import pytest

from orchestration.exports import ExportError, export
from orchestration.exports import excel as excel_module
from orchestration.publishing import Release, open_release
from orchestration.settings import Settings
from tests.python.exports.odd_marts import DISARMED, FORMULA, NAMES

COLUMNS = "partner_id, partner_name, balance, change, cents, ratio, is_even, joined_on, joined_at"


def made(settings: Settings, release: Release, kind: str, target: Path, *marts: str) -> Path:
    with open_release(settings) as connection:
        done = export(connection, release.path, kind, target, marts)
    assert done.release_id == release.id
    return done.folder


def rows(release: Release, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(release.database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_parquet_is_the_release(settings: Settings, release: Release, tmp_path: Path) -> None:
    folder = made(settings, release, "parquet", tmp_path / "out")
    names = {path.stem for path in (release.path / "parquet").iterdir()}
    assert {path.stem for path in folder.glob("*.parquet")} == names
    assert {"odd_partners", "partner_scorecards"} <= names
    read = polars.read_parquet(folder / "odd_partners.parquet")
    assert read["partner_name"].to_list() == list(NAMES)
    assert read["cents"].to_list() == [1000000000000 * at for at in range(len(NAMES))]
    said = json.loads((folder / "export.json").read_text())
    assert (said["release_id"], said["format"]) == (release.id, "parquet")


def test_a_damaged_release_is_not_copied(
    settings: Settings, release: Release, tmp_path: Path
) -> None:
    copy = tmp_path / "damaged"
    shutil.copytree(release.path, copy)
    file = copy / "parquet" / "odd_partners.parquet"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with (
        open_release(settings) as connection,
        pytest.raises(ExportError, match=r"odd_partners\.parquet is not as it was published"),
    ):
        export(connection, copy, "parquet", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_csv_reads_back_as_the_release(
    settings: Settings, release: Release, tmp_path: Path
) -> None:
    folder = made(settings, release, "csv", tmp_path / "out")
    text = (folder / "odd_partners.csv").read_bytes().decode("utf-8")
    read = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    held = rows(release, f"select {COLUMNS} from marts.odd_partners order by partner_id")
    assert len(read) == len(held) == len(NAMES)
    for found, (_, name, balance, change, cents, ratio, is_even, on, at) in zip(
        read, held, strict=True
    ):
        dangerous = bool(name) and name.startswith(DISARMED)
        assert found["partner_name"] == ("'" + name if dangerous else name or "")
        assert (found["balance"] == "") == (balance is None)
        assert balance is None or float(found["balance"]) == balance
        assert int(found["change"]) == change  # a negative number is no formula
        assert int(found["cents"]) == cents
        assert math.isnan(ratio) or float(found["ratio"]) == ratio
        assert found["is_even"] == str(is_even).lower()
        assert date.fromisoformat(found["joined_on"]) == on
        assert datetime.fromisoformat(found["joined_at"]) == at
    assert polars.read_csv(folder / "odd_partners.csv")["change"].dtype == polars.Int64
    assert text.split("\n")[0].endswith("\r")
    assert text.endswith("\r\n")


def test_csv_tells_an_empty_text_from_none(
    settings: Settings, release: Release, tmp_path: Path
) -> None:
    folder = made(settings, release, "csv", tmp_path / "out", "odd_partners")
    back = duckdb.sql(
        f"select partner_name is null, partner_name = '' from read_csv("
        f"'{folder / 'odd_partners.csv'}', all_varchar = true, allow_quoted_nulls = false)"
    ).fetchall()
    assert [missing for missing, _ in back] == [name is None for name in NAMES]
    assert [empty for _, empty in back] == [None if name is None else name == "" for name in NAMES]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_begins_as_a_formula(
    settings: Settings, release: Release, tmp_path: Path, kind: str
) -> None:
    """S6: a partner of this name must not reach out of a spreadsheet."""
    folder = made(settings, release, kind, tmp_path / "out")
    assert FORMULA in NAMES
    if kind == "csv":
        for path in folder.glob("*.csv"):
            texts = [
                (name, value)
                for row in csv.DictReader(path.open(encoding="utf-8", newline=""))
                for name, value in row.items()
            ]
            bad = [each for each in texts if each[1].startswith(DISARMED)]
            numbers = {"balance", "change", "exact", "cents"}
            assert {name for name, _ in bad} <= numbers, path.name
        return
    book = openpyxl.load_workbook(folder / "partner_scoring.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert [cell.value for cell in book["odd_partners"]["B"]][1] == FORMULA


def test_excel_keeps_types_and_says_what_columns_mean(
    settings: Settings, release: Release, tmp_path: Path
) -> None:
    folder = made(settings, release, "xlsx", tmp_path / "out")
    book = openpyxl.load_workbook(folder / "partner_scoring.xlsx")
    assert book.sheetnames[:2] == ["about", "descriptions"]
    assert release.id in [row[1].value for row in book["about"].iter_rows()]
    described = {(row[1].value, row[2].value): row[4].value for row in book["descriptions"].rows}
    assert described[("odd_partners", "balance")] == "What is owed, it's money."
    assert described[("odd_partners", "")] == "Partners with odd names."
    held = rows(release, f"select {COLUMNS} from marts.odd_partners")
    sheet = list(book["odd_partners"].iter_rows(min_row=2))
    assert len(sheet) == len(held)
    titles = [cell.value for cell in book["odd_partners"][1]]
    for cells, (_, name, balance, change, cents, _, is_even, on, at) in zip(
        sheet, held, strict=True
    ):
        found = dict(zip(titles, cells, strict=True))
        if "\r" not in (name or ""):  # XML makes a line feed of it
            assert (found["partner_name"].value or "") == (name or "")
        assert found["balance"].value == (None if balance is None else pytest.approx(balance))
        assert (found["change"].value, found["change"].data_type) == (change, "n")
        assert found["cents"].value == cents
        assert found["is_even"].value is is_even
        assert found["joined_on"].value.date() == on
        assert abs((found["joined_at"].value - at).total_seconds()) < 0.001
    assert isinstance(sheet[17][1].value, str), "a code such as 007 stays a text"


def test_excel_says_what_is_too_long(
    settings: Settings, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel_module, "EXCEL_ROWS", 20)
    with pytest.raises(ExportError, match=r"holds 19 rows.*odd_partners \(21 rows\)"):
        made(settings, release, "xlsx", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    made(settings, release, "xlsx", tmp_path / "out", "quality_checks")


def test_sheets_of_long_names_stay_apart() -> None:
    from orchestration.exports.excel import _sheet_names
    from orchestration.exports.facts import Mart

    long = [Mart("a" * 31 + end, "", 0, ()) for end in ("", "x", "y")] + [Mart("about", "", 0, ())]
    names = _sheet_names(long)
    assert len({name.lower() for name in names.values()}) == 4
    assert all(len(name) <= 31 for name in names.values())
    assert "about" not in names.values()


def test_a_mart_that_is_not_there_is_named(
    settings: Settings, release: Release, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match=r"no mart nobody\. It has nothing, odd_partners"):
        made(settings, release, "csv", tmp_path / "out", "nobody", "odd_partners")


def test_a_folder_of_something_else_is_left_alone(
    settings: Settings, release: Release, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match="is not empty and no earlier export"):
        made(settings, release, "csv", tmp_path / "out")
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"


def test_an_export_that_fails_leaves_the_one_before(
    settings: Settings, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(settings, release, "csv", tmp_path / "out", "odd_partners", "twice")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("orchestration.exports.exporting.write_csv", full)
    with pytest.raises(OSError, match="No space left"):
        made(settings, release, "csv", tmp_path / "out")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.glob(".out.*")] == [".out.lock"]


KILLED = """
import sys, time
from pathlib import Path
from orchestration.exports import exporting
from orchestration.publishing import find, open_release
from orchestration.settings import Settings
settings = Settings(warehouse=Path(sys.argv[1]))
def slow(release, mart, target):
    target.write_text("half")
    print("writing", flush=True)
    time.sleep(60)
exporting.write_csv = slow
with open_release(settings) as connection:
    exporting.export(connection, find(settings).path, "csv", Path(sys.argv[2]))
"""


def test_a_killed_export_leaves_the_one_before_and_the_next_one_works(
    settings: Settings, release: Release, tmp_path: Path
) -> None:
    folder = made(settings, release, "csv", tmp_path / "out", "odd_partners")
    before = (folder / "odd_partners.csv").read_bytes()
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(settings.warehouse), str(tmp_path / "out")],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "writing\n"
    with pytest.raises(ExportError, match="Another export writes"):
        made(settings, release, "csv", tmp_path / "out", "odd_partners")
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    assert (folder / "odd_partners.csv").read_bytes() == before
    assert list(tmp_path.glob(".out.incoming-*"))
    made(settings, release, "csv", tmp_path / "out", "twice")
    assert {path.name for path in folder.iterdir()} == {"twice.csv", "export.json"}
    assert not list(tmp_path.glob(".out.incoming-*"))


def test_a_kill_between_the_two_renames_is_mended(
    settings: Settings, release: Release, tmp_path: Path
) -> None:
    folder = made(settings, release, "csv", tmp_path / "out", "odd_partners")
    os.rename(folder, tmp_path / ".out.former")
    with pytest.raises(ExportError, match="no mart"):
        made(settings, release, "csv", tmp_path / "out", "nobody")
    made(settings, release, "csv", tmp_path / "out", "twice")
    assert {path.name for path in folder.iterdir()} == {"twice.csv", "export.json"}
    assert not (tmp_path / ".out.former").exists()
