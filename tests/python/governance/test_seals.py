"""S8: a policy row that is edited, deleted or added after approval is named until it is decided."""

import csv
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from orchestration import pipeline, policy_check
from orchestration.governance import policy, seals
from orchestration.governance.seals import SealRefused, broken, seal
from orchestration.settings import PROJECT_DIR, Settings
from tests.python.howto.copies import ProjectCopy

FIRST_DAY, DAY = date(2026, 12, 1), date(2027, 1, 4)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Policy, sealed as it is, to be changed."""
    shutil.copytree(PROJECT_DIR / "seeds", tmp_path / "seeds")
    return sealed_anew(tmp_path)


def sealed_anew(project: Path) -> Path:
    """The approved versions of a copy sealed from the beginning, whatever its seals say."""
    (project / seals.SEALS).unlink()
    (project / seals.ROWS).unlink()
    for version in ("1", "2"):
        seal(version, FIRST_DAY, project)
    return project


def edit(project: Path, table: str, old: str, new: str) -> None:
    path = project / policy.FOLDER / f"{table}.csv"
    text, count = re.subn(old, new, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count == 1
    path.write_text(text, encoding="utf-8")


def decide(project: Path, decision: str, area: str, version: int, on: str = "2027-01-02") -> None:
    path = project / policy.FOLDER / "decision_log.csv"
    with path.open("a", encoding="utf-8", newline="") as file:
        row = [decision, on, area, version, "sales", "partner-operations", "For a test"]
        csv.writer(file, lineterminator="\n").writerow(row)


def approve_version_3(project: Path) -> None:
    edit(
        project, "framework_versions", r"^3,proposed,(.*),\d{4}-\d\d-\d\d,8,,,",
        r"3,approved,\1,2027-02-01,8,sales; marketing,2027-01-02,",
    )  # fmt: skip


def test_the_policy_of_this_project_is_as_it_was_approved():
    found = broken(PROJECT_DIR)
    assert not found, "\n".join(map(str, found))


def test_every_policy_table_says_how_it_is_sealed():
    for table in policy.tables().values():
        said = table.meta.get("sealed")
        assert said in ("by_version", "as_a_whole", "as_a_log", "no"), (
            f"{policy.DESCRIPTION}: {table.name}: say under config.meta how it is `sealed` "
            "(docs/governance.md#seals)"
        )
        has_version = bool(table.rows) and "framework_version" in table.rows[0]
        assert has_version == (said in ("by_version", "as_a_log")), table.name


WEIGHT = r"^1,baseline,engagement,active_weeks_rate,0.4,"


@pytest.mark.parametrize(
    ("table", "old", "new", "key", "what"),
    [
        ("metric_weights", WEIGHT, "1,baseline,engagement,active_weeks_rate,0.5,",
         "1, baseline, engagement, active_weeks_rate", "weight was 0.4, is 0.5"),
        ("metric_weights", WEIGHT + ".*\n", "",
         "1, baseline, engagement, active_weeks_rate", "was deleted after seal 1; it was"),
        ("metric_weights", r"\Z", "2,services,revenue,accepted_leads,0.9,,finance,More\n",
         "2, services, revenue, accepted_leads", "was added to what is sealed; it is"),
        ("metric_weights", r"\Z", "1,baseline,engagement,active_weeks_rate,0.4,,x,Twice\n",
         "1, baseline, engagement, active_weeks_rate (again)", "was added to what is"),
        ("exchange_rates", r"^BRL,2015,0.27,", "BRL,2015,0.28,",
         "BRL, 2015", "euros was 0.27, is 0.28"),
        ("tiers", r"^gold,3,4,.*\n", "", "gold", "was deleted"),
        ("framework_versions", r"^2,approved,1,(.*?),2026-03-02,", r"2,approved,1,\1,2026-04-06,",
         "2", "effective_from was 2026-03-02, is 2026-04-06"),
        ("decision_log", r"^(Adopt framework version 1,2026-01-12,.*),sales;", r"\1,nobody;",
         "Adopt framework version 1, 2026-01-12", "decided_by was"),
    ],
)  # fmt: skip
def test_a_change_after_approval_is_named(
    project: Path, table: str, old: str, new: str, key: str, what: str
):
    edit(project, table, old, new)
    (found,) = broken(project)
    assert (found.table, found.key) == (table, key)
    assert what in found.what
    assert f"{table}.csv" in str(found) and found.remedy


def test_what_changes_nothing_is_no_change(project: Path):
    edit(project, "metric_weights", WEIGHT, "1,baseline,engagement,active_weeks_rate,0.40,")
    edit(project, "framework_versions", r"^(1,approved.*),\d{4}-\d\d-\d\d,partner-operations,",
         r"\1,2031-01-06,partner-operations,")  # fmt: skip
    assert not broken(project)


def test_a_proposed_version_may_change(project: Path):
    edit(project, "metric_weights", r"\Z", "3,referral,revenue,accepted_leads,0.9,,finance,More\n")
    assert not broken(project)


def test_an_edited_seal_is_named(project: Path):
    path = project / seals.ROWS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"weight": "0.4"', '"weight": "0.5"', 1), encoding="utf-8")
    edit(project, "metric_weights", WEIGHT, "1,baseline,engagement,active_weeks_rate,0.5,")
    found = broken(project)
    assert found[0].key == "seal 1" and "was edited" in found[0].what
    with pytest.raises(SealRefused, match="seal 1"):
        seal("1", DAY, project)


def test_a_new_version_is_sealed_once_it_is_approved_and_decided(project: Path):
    with pytest.raises(SealRefused, match="Version 3 is proposed"):
        seal("3", DAY, project)
    approve_version_3(project)
    (found,) = broken(project)
    assert found.what == "is approved and not sealed" and "seal 3" in found.remedy
    with pytest.raises(SealRefused, match="adopts version 3"):
        seal("3", DAY, project)
    decide(project, "Adopt framework version 3", "framework", 3)
    head = seals.read(project).head
    made = seal("3", DAY, project)
    assert made["previous_hash"] == head and int(made["rows_sealed"]) >= 3
    assert not broken(project)
    edit(project, "metric_weights", r"\Z", "3,referral,revenue,accepted_leads,0.9,,finance,More\n")
    assert len(broken(project)) == 1


def test_an_approval_without_approvers_is_not_sealed(project: Path):
    approve_version_3(project)
    edit(project, "framework_versions", "8,sales; marketing,2027-01-02,", "8,,2027-01-02,")
    decide(project, "Adopt framework version 3", "framework", 3)
    with pytest.raises(SealRefused, match="who approved it"):
        seal("3", DAY, project)


def test_a_version_that_begins_before_its_approval_is_not_sealed(project: Path):
    approve_version_3(project)
    decide(project, "Adopt framework version 3", "framework", 3)
    edit(project, "framework_versions", "2027-02-01,8", "2026-12-07,8")
    with pytest.raises(SealRefused, match=r"framework_versions\.csv to 2027-01-02"):
        seal("3", DAY, project)
    edit(project, "framework_versions", "2026-12-07,8", "2027-01-02,8")
    seal("3", DAY, project)


def test_adopting_a_version_does_not_wash_an_edit_of_another(project: Path):
    approve_version_3(project)
    decide(project, "Adopt framework version 3", "framework", 3)
    edit(project, "metric_weights", WEIGHT, "1,baseline,engagement,active_weeks_rate,0.5,")
    with pytest.raises(SealRefused, match=r"weight was 0\.4, is 0\.5"):
        seal("3", DAY, project)
    assert len(seals.read(project).seals) == 2


def test_a_change_of_sealed_policy_needs_a_decision_about_its_table(project: Path):
    edit(project, "tiers", r"^gold,3,4,", "gold,3,5,")
    with pytest.raises(SealRefused, match="area tiers"):
        seal("2", DAY, project)
    decide(project, "Move a milestone", "milestones", 2)
    with pytest.raises(SealRefused, match="required_certified_people was 4, is 5"):
        seal("2", DAY, project)
    decide(project, "Ask gold partners for five certified people", "milestones; tiers", 2)
    with pytest.raises(SealRefused, match="older than the last"):
        seal("2", date(2020, 1, 1), project)
    made = seal("2", DAY, project)
    assert (made["seal"], made["rows_sealed"], made["rows_released"]) == ("3", "3", "1")
    assert not broken(project)
    with pytest.raises(SealRefused, match="Nothing to seal"):
        seal("2", DAY, project)


@pytest.mark.parametrize(
    ("how_to", "areas"),
    [
        ("add-a-metric", "metric_anchors; metric_priors; metric_weights"),
        ("add-a-segment",
         "segments; metric_anchors; metric_priors; metric_weights; segment_pooling"),
        ("add-a-source", "activity_types"),
    ],
)  # fmt: skip
def test_what_the_how_tos_add_is_named_until_it_is_decided(tmp_path: Path, how_to: str, areas: str):
    before = ProjectCopy(tmp_path / "before").take()
    sealed_anew(before.project)
    copy = before.patched(tmp_path / "after", how_to)
    found = broken(copy.project)
    assert {each.table for each in found} == set(areas.split("; "))
    assert all("was added to what is sealed" in each.what for each in found)
    decide(copy.project, "Add what the page says", areas, 2)
    seal("2", DAY, copy.project)
    assert not broken(copy.project)


def test_a_run_by_policy_that_nobody_approved_does_not_start(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    edit(project, "tiers", r"^gold,3,4,", "gold,3,5,")
    monkeypatch.setattr(policy_check, "PROJECT_DIR", project)
    (tmp_path / "landing").mkdir()
    settings = Settings(landing=tmp_path / "landing", warehouse=tmp_path / "warehouse")
    with pytest.raises(pipeline.RunFailed) as failed:
        pipeline.run(settings)
    (check,) = failed.value.blocking
    assert "tiers: gold: was edited" in check.observed
    assert "partner-scoring seal 2" in check.remedy
