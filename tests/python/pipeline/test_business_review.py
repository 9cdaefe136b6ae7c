"""The business-review pack of a partner says what the release says, and names no other partner."""

import html
import re
from pathlib import Path

import duckdb
import pytest

from orchestration.review import NoSuchPartner, business_review
from tests.python.pipeline.running import Programme

OTHER_MARTS = {
    "recommended_actions",
    "lifecycle_flags",
    "incentive_entitlements",
    "joint_plan_inputs",
}


@pytest.fixture(scope="module")
def partner(released: Programme) -> str:
    """One with open deals, an intervention and a quarter to look back on."""
    ((found,), *_) = released.released(
        """select partner_id from marts.partner_scorecards
           where partner_id in (select partner_id from marts.partner_open_deals)
               and partner_id in (select partner_id from marts.intervention_history)
               and partner_id in (
                   select partner_id from marts.partner_score_changes where weeks_back = 13)
           order by partner_id"""
    )
    return found


@pytest.fixture(scope="module")
def page(released: Programme, partner: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("qbr") / "page.html"
    said = released.command("business-review", partner, "--output", str(target)).stdout
    assert str(target) in said.replace("\n", "")
    return target.read_text(encoding="utf-8")


def table_of(page: str, title: str) -> list[list[str]]:
    """The rows of a section as texts, its head first."""
    section = re.split(rf"\d+\. {re.escape(html.escape(title))}</h2>", page)[1].split("</section>")[
        0
    ]
    rows = re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)
    return [
        [html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def number(text: str) -> float | None:
    return float(text.replace(",", "")) if text else None


def same(shown: str, value: object) -> bool:
    """Three digits behind the point, or none of a thousand and more."""
    if value is None:
        return shown == ""
    given = float(str(value))
    return abs(number(shown) - given) <= (0.5 if abs(given) >= 1000 else 0.0005)  # type: ignore


def test_scores_now_and_a_quarter_ago_are_those_of_the_release(
    released: Programme, page: str, partner: str
):
    _, *rows = table_of(page, "Scores and bands")
    expected = released.released(
        f"""select week_start, status, revenue_score, engagement_score, confidence
            from marts.partner_score_history where partner_id = '{partner}'
            qualify row_number() over (order by week_start desc) in (1, 14)
            order by week_start desc"""
    )
    assert len(rows) == len(expected) == 2
    for shown, (week, status, revenue, engagement, confidence) in zip(rows, expected, strict=True):
        assert shown[1:3] == [str(week), status]
        assert same(shown[3], revenue) and same(shown[5], engagement) and same(shown[8], confidence)


def test_the_change_is_split_into_what_adds_up(released: Programme, page: str, partner: str):
    _, *rows = table_of(page, "Change since last quarter")
    expected = dict(
        released.released(
            f"""select outcome, score_change from marts.partner_score_changes
                where partner_id = '{partner}' and weeks_back = 13"""
        )
    )
    assert {row[0] for row in rows} == set(expected)
    for row in rows:
        assert same(row[3], expected[row[0]])
        parts = sum(number(each) or 0 for each in row[4:])
        assert parts == pytest.approx(expected[row[0]], abs=0.006)
    drivers = {
        (outcome, metric.replace("_", " ")): points
        for outcome, metric, points in released.released(
            f"""select outcome, metric, metric_points + weight_points
                from marts.partner_score_change_drivers
                where partner_id = '{partner}' and weeks_back = 13"""
        )
    }
    _, *shown = table_of(page, "What drove it")
    for outcome in expected:
        mine = [row for row in shown if row[0] == outcome]
        largest = sorted((abs(v) for k, v in drivers.items() if k[0] == outcome), reverse=True)
        assert len(mine) == min(6, len(largest))
        for row, size in zip(mine, largest, strict=False):
            assert same(row[4], drivers[outcome, row[1]])
            assert abs(number(row[4])) == pytest.approx(size, abs=0.0006)  # type: ignore[arg-type]


def test_forecast_and_deals_are_those_of_the_release(released: Programme, page: str, partner: str):
    head, *rows = table_of(page, "Revenue forecast")
    expected = released.released(
        f"""select quarter, open_deals, pipeline_weighted, forecast_missing
            from marts.revenue_forecast where partner_id = '{partner}' order by quarter"""
    )
    assert len(rows) == len(expected) > 0
    for row, (quarter, _, _, missing) in zip(rows, expected, strict=True):
        shown = dict(zip(head, row, strict=True))
        assert (shown["quarter"], shown["missing"]) == (quarter, missing)
    head, *rows = table_of(page, "Forecast beside open deals")
    for row, (quarter, deals, weighted, _) in zip(rows, expected, strict=True):
        shown = dict(zip(head, row, strict=True))
        assert (shown["quarter"], shown["open deals"]) == (quarter, str(deals))
        assert same(shown["likely in the quarter"], weighted)
    _, *deals_shown = table_of(page, "Open deals")
    deals = {
        row[0]: row[1]
        for row in released.released(
            f"select deal_id, amount from marts.partner_open_deals where partner_id = '{partner}'"
        )
    }
    assert len(deals_shown) == min(len(deals), 15)
    assert all(same(row[3], deals[row[0]]) for row in deals_shown)


def test_past_interventions_are_those_of_the_release(released: Programme, page: str, partner: str):
    _, *rows = table_of(page, "Interventions so far")
    expected = released.released(
        f"""select replace(intervention, '_', ' '), recommended_on, is_taken
            from marts.intervention_history where partner_id = '{partner}'
            order by recommended_on desc, intervention_id"""
    )
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (name, str(on), "yes" if taken else "no") for name, on, taken in expected
    ]


def test_no_other_partner_is_named(released: Programme, page: str, partner: str):
    others = released.released(
        f"""select partner_id, partner_name from marts.partner_directory
            where partner_id <> '{partner}' and partner_name not in (
                select partner_name from marts.partner_directory where partner_id = '{partner}')"""
    )
    text = html.unescape(page)
    assert partner in text
    for other, name in others:
        assert other not in text
        assert not re.search(rf"\b{re.escape(name)}\b", text)
    deals = released.released(
        f"select deal_id from marts.partner_open_deals where partner_id <> '{partner}'"
    )
    assert deals and not any(row[0] in text for row in deals)


def test_the_charts_are_of_its_own_weeks_and_need_nothing_from_anywhere(page: str):
    assert page.count("<svg") == 2
    outside = re.findall(r'(?:src|href)="(?!#)([^"]*)"', page)
    assert not outside
    assert "None" not in re.sub(r"<[^>]*>", " ", page) and "nan" not in page.split("<h2>")[0]


def test_what_a_release_does_not_have_is_said_and_what_it_has_is_shown(
    released: Programme, partner: str, tmp_path: Path
):
    """Marts of decisions: with a release that has one, with rows of two partners, and three not."""
    current = (released.warehouse / "releases" / "current").resolve()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{current / 'partner_scoring.duckdb'}' as old (read_only)")
        connection.execute(f"attach '{tmp_path / 'new.duckdb'}' as new")
        connection.execute("copy from database old to new")
        connection.execute("use new")
        for mart in OTHER_MARTS:
            connection.execute(f"drop table if exists marts.{mart}")
        connection.execute(
            f"""create table marts.recommended_actions as
                select '{partner}' as partner_id, 'targeted coaching' as action_name, 14 as due_days
                union all select 'SOMEBODY', 'secret action', 7"""
        )
    with duckdb.connect(str(tmp_path / "new.duckdb"), read_only=True) as release:
        business_review(release, partner, tmp_path / "page.html")
        with pytest.raises(NoSuchPartner, match=f"no partner .* Do you mean {partner}"):
            business_review(release, partner[:-1], tmp_path / "nobody.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert table_of(page, "Recommended actions") == [
        ["action name", "due days"], ["targeted coaching", "14"],
    ]  # fmt: skip
    assert "secret action" not in page and "SOMEBODY" not in page
    for mart in sorted(OTHER_MARTS - {"recommended_actions"}):
        assert f"This release has no table {mart}." in page
    assert not (tmp_path / "nobody.html").exists()


def test_a_partner_that_is_not_there_is_an_error_in_words(released: Programme):
    done = released.command("business-review", "NOBODY", code=1)
    assert "This release has no partner NOBODY." in done.stderr
