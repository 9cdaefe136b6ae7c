"""What landed lands again from the archive alone, under the numbers and times of then (G1)."""

import dataclasses
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.contracts import Column
from orchestration.landing import ReplayError, dismiss, recorded, replay
from orchestration.run_facts import ledger_inputs
from orchestration.settings import Settings
from tests.python.landing.landing_fixtures import ACTIVITIES, Landing, activities, activity

MONDAY = datetime(2026, 6, 1, 6, 0)


@pytest.fixture
def landed(landing: Landing) -> Landing:
    """Four batches: rejects, an unknown column, a late file, a quarantine that was dismissed, one
    that was mended under its name, and the same bytes twice."""
    landing.write("crm/activities/b.csv", activities(range(40)) + "too,few\n")
    landing.write("crm/activities/broken.csv", "no,such,columns\n1,2,3\n")
    landing.land(now=MONDAY)
    landing.write("crm/activities/a.csv", activities(range(30, 60)))
    landing.write("crm/activities/broken.csv", f"{ACTIVITIES},mood\n{activity(70)},fine\n")
    landing.write("crm/activities/hopeless.csv", "neither\n")
    landing.land(now=MONDAY + timedelta(days=1))
    dismiss(landing.settings, "crm/activities/hopeless.csv", "the source was down")
    dismiss(landing.settings, "crm/activities/broken.csv", "mended since")
    landing.write("crm/activities/c.csv.gz", activities(range(100, 130)))
    landing.write("crm/activities/copy.csv", activities(range(30, 60)))
    landing.land(now=MONDAY + timedelta(days=2))
    return landing


def again(landing: Landing, folder: Path) -> Settings:
    """The same from a manifest and the archive, in another warehouse."""
    inputs = json.loads(json.dumps(ledger_inputs(landing.settings), default=str))
    shutil.rmtree(landing.settings.landing, ignore_errors=True)
    settings = Settings(landing=folder / "none", warehouse=folder / "warehouse")
    settings.warehouse.mkdir(parents=True)
    replay(
        settings,
        landing.settings.archive,
        landing.settings.pseudonym_key,
        [recorded(entry) for entry in inputs],
        contracts=landing.contracts,
    )
    return settings


def tables(settings: Settings) -> dict[str, list[tuple]]:
    with duckdb.connect(str(settings.working_database), read_only=True) as connection:
        found = {}
        for name in ("landing.files", "landing.batches", "landing.rejects", "raw_crm.activities"):
            found[name] = connection.execute(f"from {name} order by all").fetchall()
        return found


def test_rows_rejects_and_ledger_are_those_of_then(landed: Landing, tmp_path: Path):
    then = tables(landed.settings)
    assert {row[8] for row in then["landing.files"]} == {"landed", "dismissed"}
    assert then["landing.rejects"]
    assert tables(again(landed, tmp_path / "again")) == then


def test_a_column_that_the_contract_learned_since_stays_unknown(landed: Landing, tmp_path: Path):
    then = tables(landed.settings)["raw_crm.activities"]
    contract = landed.contracts["crm.activities"]
    mood = Column("mood", "string", "How the partner felt.", required=False)
    landed.change("crm.activities", columns=(*contract.columns, mood))
    settings = again(landed, tmp_path / "again")
    with duckdb.connect(str(settings.working_database), read_only=True) as connection:
        rows = connection.execute(
            "select * exclude (mood) from raw_crm.activities order by all"
        ).fetchall()
        told = connection.execute("select count(mood) from raw_crm.activities").fetchone()
    assert rows == then
    assert told == (0,)


def test_missing_and_changed_bytes_are_named(landed: Landing, tmp_path: Path):
    archived = {
        each["path"]: landed.settings.archive / each["sha256"][:2] / each["sha256"]
        for each in ledger_inputs(landed.settings)
    }
    archived["crm/activities/a.csv"].unlink()
    changed = archived["crm/activities/b.csv"]
    changed.chmod(0o600)
    changed.write_text(changed.read_text().replace("p1", "p2", 1))
    with pytest.raises(ReplayError) as caught:
        again(landed, tmp_path / "again")
    assert "crm/activities/a.csv" in str(caught.value) and "missing" in str(caught.value)
    assert "crm/activities/b.csv" in str(caught.value) and "have been changed" in str(caught.value)
    assert "c.csv.gz" not in str(caught.value)


def test_a_file_that_lands_otherwise_now_is_named(landed: Landing, tmp_path: Path):
    strict = dataclasses.replace(landed.contracts["crm.activities"], delimiter=";")
    landed.contracts["crm.activities"] = strict
    with pytest.raises(ReplayError, match=r"crm/activities/\w+.csv does not land as it did"):
        again(landed, tmp_path / "again")


def test_no_new_key_is_made_up_for_a_lost_one(landed: Landing, tmp_path: Path):
    landed.settings.pseudonym_key.unlink()
    with pytest.raises(ReplayError, match="key of the pseudonyms is gone"):
        again(landed, tmp_path / "again")
    assert not landed.settings.pseudonym_key.exists()
