"""What may not matter does not: the order of files, threads, the time zone, and who else joins."""

import csv
import shutil
import time
from pathlib import Path

import pytest

from orchestration import publishing
from orchestration.database import connect
from orchestration.sample import generate
from tests.python.pipeline.running import Programme

pytestmark = pytest.mark.slow

NEWCOMER = ("2026-01-05T09:00:00Z", "2026-02-02T09:00:00Z")


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    programme = Programme(tmp_path_factory.mktemp("first"))
    generate(programme.landing, partners=30, weeks=26, truth=programme.folder / "truth")
    programme.land()
    programme.build()
    return programme


def score_hash(programme: Programme) -> str:
    with connect(programme.settings(), read_only=True) as connection:
        return publishing.score_hash(connection)


def scores(programme: Programme, without: str = "") -> list[tuple]:
    return programme.rows(
        f"select * from scores.outcome_scores where partner_id <> '{without}' order by all"
    )


def test_the_order_of_files_the_threads_and_the_time_zone_change_no_score(
    programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    other = Programme(tmp_path / "other")
    files = sorted(path for path in programme.landing.rglob("*") if path.is_file())
    for number, path in enumerate(files):
        # Landing goes by name: the last becomes the first.
        name = f"{len(files) - number:05}-{path.name}"
        target = other.landing / path.parent.relative_to(programme.landing) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    monkeypatch.setenv("PARTNER_SCORING_THREADS", "1")
    monkeypatch.setenv("TZ", "America/St_Johns")
    time.tzset()
    try:
        other.land()
        other.build()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert scores(other) == scores(programme)
    assert score_hash(other) == score_hash(programme)


def test_nobodys_score_moves_because_somebody_else_joins(programme: Programme, tmp_path: Path):
    shutil.copytree(programme.folder, tmp_path / "joined", symlinks=True)
    joined = Programme(tmp_path / "joined")
    before = scores(joined)
    with next((joined.landing / "crm/partners").glob("*.csv")).open(encoding="utf-8") as file:
        header, first = list(csv.reader(file))[:2]
    newcomer = dict(zip(header, first, strict=True)) | {
        "partner_id": "P-NEW",
        "contract_signed_at": NEWCOMER[0],
        "terminated_at": "",
        "updated_at": NEWCOMER[0],
    }
    joined.write("crm/partners/joined.csv", ",".join(header) + "\n" + ",".join(newcomer.values()))
    joined.write(
        "finance/bookings/joined.csv",
        "booking_id,partner_id,booked_at,amount,currency,product_line,sourcing\n"
        f"B-NEW,P-NEW,{NEWCOMER[1]},9000000,EUR,core,sourced\n",
    )
    joined.land()
    joined.build()
    assert len(scores(joined)) > len(before)
    assert scores(joined, without="P-NEW") == before
