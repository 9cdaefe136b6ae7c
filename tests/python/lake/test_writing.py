"""The lake holds what landed, once, and a day's arrival touches that day's files only."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.contracts import load_contracts
from orchestration.database import connect
from orchestration.lake import LakeError, write
from orchestration.landing import land
from orchestration.sample import generate
from orchestration.settings import Settings

FIRST, SECOND = datetime(2026, 7, 1, 4, 15), datetime(2026, 7, 2, 4, 15)


def settings_of(folder: Path) -> Settings:
    return Settings(landing=folder / "landing", warehouse=folder / "warehouse", threads=1)


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small programme that has landed."""
    folder = tmp_path_factory.mktemp("programme")
    made = settings_of(folder)
    made.warehouse.mkdir()
    generate(made.landing, partners=8, weeks=12)
    land(made, now=FIRST, settle_seconds=0)
    return folder


@pytest.fixture
def settings(programme: Path, tmp_path: Path) -> Settings:
    """The programme, for a test to do with as it likes."""
    shutil.copytree(programme, tmp_path, dirs_exist_ok=True)
    return settings_of(tmp_path)


def files(settings: Settings, pattern: str = "raw_*/**/*.parquet") -> dict[str, int]:
    """Files of the lake and when they were written."""
    root = Path(settings.lake)
    return {str(path.relative_to(root)): path.stat().st_mtime_ns for path in root.glob(pattern)}


def rows_by_table(settings: Settings) -> dict[str, int]:
    with connect(settings, read_only=True) as connection:
        return {
            contract.table: connection.execute(f"select count(*) from {contract.table}").fetchall()[
                0
            ][0]
            for contract in load_contracts().values()
        }


def test_every_landed_row_is_in_the_lake_once(settings: Settings):
    report = write(settings)
    landed = rows_by_table(settings)
    for table, rows in landed.items():
        folder = Path(settings.lake, *table.split("."))
        found = sum(pq.read_metadata(path).num_rows for path in folder.rglob("*.parquet"))
        assert found == rows, table
    assert sum(landed.values()) > 100
    assert report.rows_written >= sum(landed.values())


def test_a_second_call_writes_only_what_changes(settings: Settings):
    write(settings)
    before = files(settings)
    again = write(settings)
    assert files(settings) == before
    assert again.files_kept == len(before)


def test_a_day_more_leaves_the_files_of_other_days(settings: Settings):
    write(settings)
    before = files(settings)
    folder = settings.landing / "crm" / "deals"
    names = [column.name for column in load_contracts()["crm.deals"].columns]
    late = f"select {', '.join(names)} from raw_crm.deals limit 3"
    with connect(settings, read_only=True) as connection:
        connection.execute(f"copy ({late}) to '{folder}/late.csv' (header, delimiter ',')")
    land(settings, now=SECOND, settle_seconds=0)
    write(settings)
    after = files(settings)
    assert {name: at for name, at in after.items() if name in before} == before
    (new,) = set(after) - set(before)
    assert new.startswith("raw_crm/deals/loaded_on=2026-07-02/")


def test_times_are_moments_and_everything_else_is_text(settings: Settings):
    write(settings)
    path = next(Path(settings.lake, "raw_crm", "deals").rglob("*.parquet"))
    schema = pq.read_schema(path)
    assert str(schema.field("_loaded_at").type) == "timestamp[us, tz=UTC]"
    assert str(schema.field("amount").type) == "string"
    assert set(pq.read_table(path)["_loaded_at"].to_pylist()) == {FIRST.replace(tzinfo=UTC)}


def test_text_of_rejected_lines_stays_out(settings: Settings):
    write(settings)
    assert not (Path(settings.lake) / "landing" / "rejects").exists()
    assert (Path(settings.lake) / "landing" / "files" / "all.parquet").exists()


def test_a_lake_of_another_warehouse_is_refused(settings: Settings):
    strange = Path(settings.lake, "raw_crm", "deals", "loaded_on=2020-01-01")
    strange.mkdir(parents=True)
    (strange / "batch-000001-20200101T000000.parquet").write_bytes(b"")
    with pytest.raises(LakeError, match="a lake of its own"):
        write(settings)
    assert (strange / "batch-000001-20200101T000000.parquet").exists()


def test_half_a_file_of_a_killed_write_is_not_seen(settings: Settings):
    write(settings)
    path = next(Path(settings.lake, "raw_crm", "deals").rglob("*.parquet"))
    whole = path.read_bytes()
    path.rename(path.with_name("_" + path.name))
    path.with_name("_" + path.name).write_bytes(whole[:50])
    write(settings)
    assert path.read_bytes()[-4:] == b"PAR1"


def test_the_command_names_the_first_rejected_line_of_a_file(programme: Path, tmp_path: Path):
    shutil.copytree(programme / "landing", tmp_path / "landing")
    lines = ["lead_id,partner_id,account_key,submitted_at,accepted_at,rejected_at"]
    lines += ["l1,p1,,2025-01-01T09:00:00Z,,", "l2,p1", "l3"]
    (tmp_path / "landing" / "crm" / "leads" / "cut.csv").write_text("\n".join(lines))
    words = ["land", "--landing", str(tmp_path / "landing"), "--warehouse", str(tmp_path / "w")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert (
        "rejected 2 lines of crm/leads/cut.csv; the first is line 3: 2 values where the header has "
        "6 columns"
    ) in " ".join(done.output.split())


def test_the_command_lands_and_writes_to_the_lake_that_it_is_given(programme: Path, tmp_path: Path):
    shutil.copytree(programme / "landing", tmp_path / "landing")
    words = ["land", "--landing", str(tmp_path / "landing"), "--lake", str(tmp_path / "lake")]
    done = CliRunner().invoke(app, [*words, "--warehouse", str(tmp_path / "warehouse")])
    assert done.exit_code == 0, done.output
    assert f"files for {tmp_path / 'lake'}" in " ".join(done.output.split())
    assert list((tmp_path / "lake" / "raw_crm" / "partners").rglob("*.parquet"))
    assert not (tmp_path / "warehouse" / "lake").exists()
