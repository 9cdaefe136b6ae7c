"""The pages of docs/catalogue are those that registry, contracts and policy give, so they cannot
drift; and each metric, entity and policy table is on them."""

import csv

import pytest

from orchestration import catalogue
from orchestration.contracts import load_contracts
from orchestration.settings import PROJECT_DIR


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return catalogue.pages()


@pytest.mark.parametrize("page", ["metrics.md", "sources.md", "policy.md", "changelog.md"])
def test_a_committed_page_is_the_one_that_would_be_written(page: str, pages: dict[str, str]):
    written = (PROJECT_DIR / "docs" / "catalogue" / page).read_text(encoding="utf-8")
    assert written == pages[page], "`make catalogue` writes it anew"


def test_every_metric_entity_and_table_has_its_section(pages: dict[str, str]):
    with (PROJECT_DIR / "seeds" / "policy" / "metric_priors.csv").open(encoding="utf-8") as file:
        metrics = {row["metric"] for row in csv.DictReader(file)}
    sections = {line for line in pages["metrics.md"].splitlines() if line.startswith("### ")}
    assert sections == {f"### `{metric}`" for metric in metrics}
    for name in load_contracts():
        assert f"\n### {name}\n" in pages["sources.md"]
    for path in (PROJECT_DIR / "seeds" / "policy").glob("*.csv"):
        assert f"\n### `{path.stem}`\n" in pages["policy.md"]


def test_numbers_are_those_of_the_newest_approved_version(pages: dict[str, str]):
    text = pages["metrics.md"]
    section = text.split("### `deal_win_rate`")[1].split("\n### ")[0]
    # Anchors of version 2, the weight of version 1, no row of any segment.
    assert "| baseline | 0.08 |  | 0.05 | 0.3 | 0.55 |" in section
    section = text.split("### `accepted_leads`")[1].split("\n### ")[0]
    # The referral weight of version 2 and the anchors of version 1.
    assert "| referral | 0.32 |  | 0 | 8 | 25 |" in section


def test_the_changelog_names_each_decision_and_each_number_that_changed(pages: dict[str, str]):
    text = pages["changelog.md"]
    with (PROJECT_DIR / "seeds" / "policy" / "decision_log.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            version = text.split(f"## Version {row['framework_version']}:")[1].split("\n## ")[0]
            assert f"| {row['decided_on']} | {row['decision']} |" in version
    third = text.split("## Version 3: proposed")[1].split("\n## ")[0]
    changed = [line for line in third.splitlines() if line.startswith("| `")]
    assert len(changed) == 2
    assert (
        "| `metric_weights` | baseline, revenue, customer_satisfaction | weight | 0.02 | 0.06 |"
        in third
    )
