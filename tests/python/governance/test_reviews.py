"""Everything registered has an owner who still answers and a review that is not over."""

import re
import shutil
import warnings
from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration import contracts
from orchestration.governance import reviews
from orchestration.settings import PROJECT_DIR
from tests.python.howto.copies import diff_of

FIRST = min(date.fromisoformat(each.due) for each in reviews.items() if each.needs_review)
QUIET = FIRST - timedelta(days=reviews.WARN_DAYS + 1)


def test_nothing_is_blank_or_expired_today():
    wrong, soon = reviews.judge(date.today())
    for each in soon:
        warnings.warn(str(each), stacklevel=1)
    assert not wrong, "\n".join(map(str, wrong))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The files that reviews read, to be changed."""
    for name in ("seeds", "models"):
        shutil.copytree(PROJECT_DIR / name, tmp_path / name)
    return tmp_path


def edit(project: Path, path: str, old: str, new: str) -> None:
    text, count = re.subn(
        old, new, (project / path).read_text(encoding="utf-8"), count=1, flags=re.MULTILINE
    )
    assert count == 1
    (project / path).write_text(text, encoding="utf-8")
    contracts._load.cache_clear()


@pytest.mark.parametrize(
    ("path", "old", "new", "named"),
    [
        ("models/metrics/_metrics.yml", r'^              review_due: .*\n', "",
         "metric icp_overlap_rate: its review_due is blank"),
        ("models/metrics/_metrics.yml", r"^ {14}owner: sales-operations", " " * 14 + "owner:",
         "metric icp_overlap_rate: it has no owner"),
        ("models/staging/crm/_crm.yml", r'review_due: "[\d-]+"', 'review_due: "soon"',
         "source crm.partners: its review_due 'soon' is no day"),
        ("models/staging/finance/_finance.yml", "owner: finance", "owner: treasury",
         "source finance.bookings: its owner treasury is no team"),
        ("seeds/policy/framework_versions.csv", r"2027-12-01(,partner-operations,Pace)",
         r"2026-01-01\1",
         "line 3: framework version 2: its review_due 2026-01-01 has passed"),
        ("seeds/policy/teams.csv", r"^(finance,.*),2027-12-13,", r"\1,,",
         "teams.csv, line 3: team finance: its answers_until is blank"),
        ("seeds/policy/tiers.csv", r"^(gold,3,4),partner-operations,", r"\1,,",
         "tiers.csv, line 5: policy row tiers (gold): it has no owner"),
        ("seeds/policy/_policy.yml", r'(as_a_whole, owner: finance), review_due: "[\d-]+"', r"\1",
         "policy table exchange_rates: its review_due is blank"),
        ("models/marts/governance/_marts_governance.yml", "{owner: partner-operations, ", "{",
         "mart framework_breadth: it has no owner"),
    ],
)  # fmt: skip
def test_what_is_blank_or_expired_is_named_with_its_place(
    project: Path, path: str, old: str, new: str, named: str
):
    assert reviews.judge(QUIET, project) == ([], [])
    edit(project, path, old, new)
    (wrong,), _ = reviews.judge(QUIET, project)
    assert named in str(wrong)
    assert str(wrong).startswith(path) and wrong.remedy


def test_the_last_thirty_days_warn_and_the_day_after_fails():
    wrong, soon = reviews.judge(FIRST - timedelta(days=reviews.WARN_DAYS))
    assert not wrong and soon and all(each.item.due == str(FIRST) for each in soon)
    wrong, soon = reviews.judge(FIRST)
    assert not wrong and soon
    wrong, _ = reviews.judge(FIRST + timedelta(days=1))
    assert wrong and "has passed" in wrong[0].what and "set the day anew in" in wrong[0].remedy


@pytest.mark.parametrize("how_to", ["add-a-metric", "add-a-source"])
def test_the_how_tos_state_a_review(how_to: str):
    assert re.search(r'^\+.*review_due: "\d{4}-\d\d-\d\d"', diff_of(how_to), re.MULTILINE)
