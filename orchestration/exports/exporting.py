"""Marts of a release as files in a folder, whole or not at all."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.exports import facts
from orchestration.exports.csv_files import write_csv
from orchestration.exports.duckdb_file import write_duckdb
from orchestration.exports.excel import write_excel
from orchestration.exports.facts import ExportError, Mart
from orchestration.exports.folders import whole_folder

FORMATS = ("parquet", "csv", "xlsx", "duckdb")
WORKBOOK = "partner_scoring.xlsx"
DATABASE = "partner_scoring.duckdb"
DIGESTS = "SHA256SUMS"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Exported:
    """What is in the folder now."""

    release_id: str
    folder: Path
    marts: tuple[Mart, ...]


def export(
    release: duckdb.DuckDBPyConnection,
    files: Path,
    format_name: str,
    target: Path,
    marts: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _line: None,
) -> Exported:
    """Write marts (default: all) to the folder `target`, and say in `export.json` what it is.

    `files` is the folder of the release, whose Parquet files are copied. Raises ExportError with
    nothing written.
    """
    if format_name not in FORMATS:
        raise ExportError(f"There is no format {format_name!r}. Choose of {', '.join(FORMATS)}.")
    stated = facts.about(release)
    chosen = facts.chosen_marts(release, marts)
    marker = {**stated, "format": format_name, "marts": {mart.name: mart.rows for mart in chosen}}
    with whole_folder(target, marker) as folder:
        if format_name == "xlsx":
            write_excel(release, chosen, folder / WORKBOOK, stated, progress)
        if format_name == "duckdb":
            write_duckdb(files / DATABASE, chosen, folder / DATABASE)
        for mart in chosen if format_name in ("csv", "parquet") else ():
            if format_name == "csv":
                write_csv(release, mart, folder / f"{mart.name}.csv")
            else:
                _copy(files, f"parquet/{mart.name}.parquet", folder)
            progress(f"{mart.name}: {mart.rows:,} rows")
    return Exported(str(stated["release_id"]), target.absolute(), tuple(chosen))


def _copy(files: Path, name: str, folder: Path) -> None:
    """Copy a file of the release and hold the copy against the release's digest."""
    copy = folder / Path(name).name
    shutil.copyfile(files / name, copy)
    digest = hashlib.sha256()
    with copy.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    lines = (files / DIGESTS).read_text(encoding="utf-8").splitlines()
    if f"{digest.hexdigest()}  {name}" not in lines:
        raise ExportError(
            f"{name} is not as it was published. `sha256sum -c {DIGESTS}` in the folder of the "
            "release says which files are damaged; roll back or run again."
        )
