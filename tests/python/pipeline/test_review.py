"""What people read before they decide: the review pack, the impact of a version, scenarios."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from tests.python.pipeline.running import Programme


@pytest.fixture(scope="module")
def page(released: Programme, tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("review") / "pack.html"
    said = released.command("review", "--output", str(target)).stdout
    assert str(target) in said.replace("\n", "")
    return target.read_text(encoding="utf-8")


def rows_of(page: str, title: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    section = page.split(f". {title}</h2>")[1].split("</section>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)[1:]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]


def test_health_is_that_of_the_release(released: Programme, page: str):
    (partners, published), *_ = released.released(
        """select count(*), count(*) filter (where status = 'published')
           from marts.partner_score_history
           where week_start = (select max(week_start) from marts.partner_score_history)"""
    )
    before, now = rows_of(page, "Score health")
    assert (before[0], now[0]) == ("a quarter ago", "now")
    assert now[2:4] == [str(partners), str(published)]


def test_bands_that_moved_are_counted(released: Programme, page: str):
    weeks: dict[str, list[tuple[str, str]]] = {}
    for partner, week, revenue, engagement in released.released(
        """select partner_id, week_start, revenue_band, engagement_band
           from marts.partner_score_history order by partner_id, week_start"""
    ):
        weeks.setdefault(partner, []).append((week, revenue, engagement))  # type: ignore[arg-type]
    last = max(each[-1][0] for each in weeks.values())
    changes = sum(
        1
        for each in weeks.values()
        for one, other in itertools.pairwise(each)
        for was, became in zip(one[1:], other[1:], strict=True)  # type: ignore[misc]
        if (last - other[0]).days < 84 and was and became and was != became  # type: ignore[operator]
    )
    assert changes > 0
    assert sum(int(row[2]) for row in rows_of(page, "Bands that moved this quarter")) == changes


def test_proposals_come_with_their_impact(released: Programme, page: str):
    rows = rows_of(page, "Proposed versions and who would move")
    assert [row[:3] for row in rows] == [["3", "2", "engagement"], ["3", "2", "revenue"]]
    ((mean,),) = released.released(
        """select avg(score_difference) from marts.framework_impact
           where framework_version = 3 and outcome = 'revenue'"""
    )
    assert float(rows[1][4]) == pytest.approx(mean, abs=0.0006)


def test_what_is_not_there_is_said_and_minutes_can_be_filled_in(page: str):
    assert "No outcome is known yet" in page or rows_of(page, "Calibration")
    assert "decision,decided_on,area,framework_version,decided_by,owner,reason" in page
    assert "None" not in re.sub(r"<[^>]*>", " ", page)


def test_impact_names_who_moves_and_why(released: Programme):
    said = released.command("impact", "--version", "3", "--top", "3").stdout
    ((partner, difference, metric),) = released.released(
        """select i.partner_id, i.score_difference, d.metric
           from marts.framework_impact i
           inner join marts.framework_impact_drivers d
               using (partner_id, outcome, framework_version, week_start)
           where framework_version = 3 order by abs(i.score_difference) desc, abs(d.points) desc
           limit 1"""
    )
    first = said.split("Who moves most:")[1].strip().splitlines()[0]
    assert f"{difference:+.1f}" in first and partner in first
    assert metric.replace("_", " ") in first
    wrong = released.command("impact", "--version", "9", code=2).stderr
    assert "It knows 2, 3" in " ".join(wrong.split())


def test_scenarios_are_told_with_their_question(released: Programme):
    said = released.command("scenarios").stdout
    for scenario, question, mean in released.released(
        """select scenario, question, mean_difference from marts.scenario_summaries
           where segment = 'all' and outcome = 'revenue'"""
    ):
        assert f"{scenario}: {question}" in said
        (line,) = [row for row in said.splitlines() if f" {scenario} " in row and "revenue" in row]
        assert f"{mean:+.2f}" in line


def test_what_followed_interventions_is_that_of_their_history(released: Programme):
    history = released.released(
        "select intervention, is_taken, engagement_before, engagement_after "
        "from marts.intervention_history"
    )
    effects = released.released(
        """select intervention, taken, not_taken, difference, difference_low, evidence
           from marts.intervention_effects where score = 'engagement'"""
    )
    assert {row[0] for row in effects} == {row[0] for row in history}
    for name, taken, not_taken, difference, low, evidence in effects:
        assert taken == sum(row[0] == name and row[1] for row in history)
        assert not_taken == sum(row[0] == name and not row[1] for row in history)
        changes = [
            np.array([row[3] - row[2] for row in history
                      if row[:2] == (name, is_taken) and None not in row[2:]])
            for is_taken in (True, False)
        ]  # fmt: skip
        if min(map(len, changes)) < 5:
            assert difference is None and evidence.startswith(("insufficient", "experiment"))
            continue
        assert difference == pytest.approx(changes[0].mean() - changes[1].mean(), abs=1e-9)
        welch = stats.ttest_ind(*changes, equal_var=False).confidence_interval(0.95)
        assert low == pytest.approx(welch.low, abs=0.001 * (difference - welch.low))
        assert evidence.startswith("association")


def test_a_page_is_written_beside_the_releases_by_default(released: Programme):
    released.command("review")
    pages = list((released.warehouse / "reviews").glob("*.html"))
    current: Path = (released.warehouse / "releases" / "current").resolve()
    assert [page.stem for page in pages] == [current.name]
