"""S7: a person is erased: found nowhere, everybody's scores as they were, and the release from
before is made again."""

import csv
import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.python.landing.test_erasing import files_with
from tests.python.pipeline.running import Programme

# What tells of the files themselves, of the run, or of when it was.
OF_THE_RUN = {"landed_files", "quality_checks"}


def a_person(landing: Path) -> list[str]:
    """The address that writes most often, and the learner with the most courses."""
    return [
        _most(landing / "crm" / "activities", "contact_email"),
        _most(landing / "learning" / "enrollments", "learner_id"),
    ]


def _most(folder: Path, column: str) -> str:
    found: Counter[str] = Counter()
    for path in folder.iterdir():
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
        found.update(row[column] for row in csv.DictReader(text.splitlines()) if row[column])
    return found.most_common(1)[0][0]


def manifest(programme: Programme) -> dict:
    (path,) = (programme.warehouse / "releases" / "current").resolve().glob("manifest.json")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_a_person_is_gone_and_no_number_moves(copy_of_released: Programme, tmp_path: Path):
    programme = copy_of_released
    person = a_person(programme.landing)
    needles = [value.encode() for value in person]
    before, old = manifest(programme), programme.served
    assert files_with(needles, programme.landing, programme.warehouse)
    values = tmp_path / "values.txt"
    values.write_text("\n".join(person))

    said = programme.command("erase", "--values", str(values), "--reason", "asked to").stdout

    assert "2 of 2 values erased" in " ".join(said.split())
    assert files_with(needles, programme.landing, programme.warehouse) == []
    assert programme.served == old  # the release from before is served until the next

    programme.command("run")

    assert programme.served != old
    after = manifest(programme)
    assert after["score_hash"] == before["score_hash"]
    moved = {
        name
        for name, mart in before["marts"].items()
        if mart["hash"] != after["marts"][name]["hash"]
    }
    assert moved <= OF_THE_RUN
    assert files_with(needles, programme.landing, programme.warehouse) == []

    again = programme.command("reproduce", old).stdout
    assert "a person was erased from" in " ".join(again.split())


def test_it_says_what_it_cannot_do(programme: Programme, tmp_path: Path):
    values = tmp_path / "values.txt"
    values.write_text("nobody@partner.example\n")
    words = ["erase", "--values", str(values), "--reason", "asked to"]
    assert "There is no landing folder" in programme.command(*words, code=2).stderr
    programme.landing.mkdir()
    assert "Nothing has landed" in programme.command(*words, code=1).stderr
