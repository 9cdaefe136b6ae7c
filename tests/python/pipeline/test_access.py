"""Who may see what: circles of marts, what a copy for one of them holds, and rights on the disk."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.audiences import AUDIENCES
from tests.python.pipeline.running import Programme

OF_PARTNERS = {"partner_id", "partner_name", "parent_partner_id"}


@pytest.fixture(scope="module")
def marts(released: Programme) -> Mapping[str, Any]:
    """Every mart of a release, as its manifest states it."""
    folder = released.warehouse / "releases" / "current"
    return json.loads((folder / "manifest.json").read_text())["marts"]


def test_of_every_mart_it_is_decided_who_may_see_it(released: Programme, marts):
    undecided = [name for name, mart in marts.items() if mart["audience"] not in AUDIENCES]
    assert not undecided, f"say so in dbt_project.yml or in `meta`: {undecided}"
    assert {mart["audience"] for mart in marts.values()} == set(AUDIENCES)
    listed = released.released("select mart, audience from marts.mart_registry")
    assert dict(listed) == {name: mart["audience"] for name, mart in marts.items()}


def test_what_any_partner_may_be_handed_has_no_row_of_a_partner(released: Programme, marts):
    names = {
        name for (name,) in released.released("select partner_name from marts.partner_directory")
    }
    for name, mart in marts.items():
        if mart["audience"] == "partner":
            assert not OF_PARTNERS & {column["name"] for column in mart["columns"]}, name
            text = " ".join(str(row) for row in released.released(f"from marts.{name}"))
            assert text and not [each for each in names if each in text]


def test_only_governance_sees_suspicions_arms_and_paths(marts):
    for name in ("gaming_signals", "experiment_assignments", "landed_files", "set_aside_records",
                 "threshold_registry", "quality_checks", "fairness_of_outcomes"):  # fmt: skip
        assert marts[name]["audience"] == "governance", name


def test_a_copy_for_an_audience_holds_its_marts_and_no_other(
    released: Programme, marts, tmp_path: Path
):
    target = tmp_path / "for programme"
    words = ("--to", str(target), "--audience", "programme", "--format", "duckdb")
    released.command("export", *words)
    with duckdb.connect(str(target / "partner_scoring.duckdb"), read_only=True) as copy:
        held = copy.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
    wanted = {name for name, mart in marts.items() if mart["audience"] != "governance"}
    assert {name for (name,) in held} == wanted and "partner_week_facts" in wanted
    refused = released.command(
        *("export", "--to", str(tmp_path / "not"), "--audience", "partner"),
        *("--marts", "contest_reasons,gaming_signals"),
        code=1,
    )
    assert "Not for the audience partner: gaming_signals" in refused.stderr
    assert not (tmp_path / "not").exists()


def test_what_people_wrote_is_for_the_owner_alone(released: Programme):
    """Rejected lines keep their text, and a key undoes pseudonyms. Releases: see publishing."""
    home = released.warehouse
    private = [home / "working.duckdb", home / "archive", home / "secrets"]
    for path in [*private, *(home / "secrets").iterdir()]:
        assert path.stat().st_mode & 0o077 == 0, path
