"""The dashboard in a browser: pages open, filter and drill, and show what SQL says.

They need Chromium and its driver: `make test-browser`.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from dashboard import links, look
from dashboard.browser import Opening, chromium, opening
from tests.python.dashboard.conftest import Asked
from tests.python.dashboard.looking import Looking
from tests.python.dashboard.releases import publish_changed

pytestmark = pytest.mark.browser

SCORED = "status in ('provisional', 'published', 'stale')"
PAGES = {
    "/": "Partners by cell of the two bands",
    "/partner": "Drivers that add up to the score",
    "/segments": "Groups beside each other",
    "/scenarios": "Partners that it moves",
    "/experiments": "Effects of the planned analyses",
    "/governance": "Checks of the run that made this release",
}
# The promise is 2 s by the clock until all in view is drawn, on two cores that have nothing else to
# do. What a page costs the browser and the wire holds on a busy machine too, so that is asserted
# always (docs/dashboard.md).
PROMISED_SECONDS, MOST_SECONDS = 2.0, 30.0
MOST_PAGE_SECONDS, MOST_MEGABYTES, MOST_REQUESTS = 2.0, 7.5, 60
SPIN = "import time\nwhile time.process_time() < 0.4: pass"


@pytest.fixture(scope="module")
def looking(address: str) -> Iterator[Looking]:
    with chromium() as browser:
        yield Looking(browser, address)


def is_quiet() -> bool:
    """Whether a process on each core gets that core."""
    began = time.monotonic()
    spinning = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(2)]
    assert not any(each.wait() for each in spinning)
    return time.monotonic() - began < 0.6


def test_the_first_page_does_not_take_long(address: str):
    tries: list[tuple[bool, Opening]] = []
    # The best of three: what a page needs is the least that it was seen to need.
    while len(tries) < 3 and not any(each.seen < PROMISED_SECONDS for _, each in tries):
        quiet = is_quiet()
        tries.append((is_quiet() and quiet, opening(f"{address}/")))
        quiet, each = tries[-1]
        print(
            f"\nfirst page, {'quiet' if quiet else 'busy'} machine: all in view after "
            f"{each.seen:.2f} s, all of it {each.drawn:.2f} s; {each.page_seconds:.2f} s of the "
            f"page's processor time, {each.requests} requests, {each.megabytes:.1f} MB"
        )
    each = min((each for _, each in tries), key=lambda each: each.page_seconds)
    assert each.page_seconds < MOST_PAGE_SECONDS
    assert each.megabytes < MOST_MEGABYTES and each.requests < MOST_REQUESTS
    assert each.scripts and not any("plotly" in script for script in each.scripts)
    fastest = min(each.seen for _, each in tries)
    assert fastest < (PROMISED_SECONDS if all(quiet for quiet, _ in tries) else MOST_SECONDS)


def test_every_page_opens_without_a_complaint_and_asks_no_other_machine(looking: Looking):
    looking.complaints(), looking.strangers()
    for path, title in PAGES.items():
        looking.open(path)
        assert title in looking.browser.find_element("id", "page-components").text, path
        assert not looking.complaints(), path
        assert not looking.strangers(), path


def test_numbers_of_the_programme_are_those_of_sql(looking: Looking, asked: Asked):
    looking.open("/")
    expected = [
        [
            asked.one(
                f"select count(*) from marts.partner_scorecards where {SCORED} "
                "and revenue_band = $revenue and engagement_band = $engagement",
                revenue=revenue,
                engagement=engagement,
            )
            for engagement in look.BANDS
        ]
        for revenue in look.BANDS
    ]
    assert looking.cells() == expected
    assert sum(map(sum, expected)) > 0
    total = asked.one("select sum(expected_revenue) from marts.partner_scorecards")
    assert look.money(total) in looking.text("programme_headlines")
    scored = asked.one(f"select count(*) from marts.partner_scorecards where {SCORED}")
    assert f"Partners with a score\n{scored}\n" in looking.text("programme_headlines")
    risen = asked.one(
        "select max(score_change) from marts.partner_score_changes inner join "
        f"marts.partner_scorecards using (partner_id) where outcome = 'revenue' and {SCORED} "
        "and weeks_back = 1"
    )
    shown = [float(each) for each in looking.texts("programme_movers", ".change")]
    assert max(shown) == pytest.approx(risen, abs=0.05)
    # The longest bar belongs to the greatest change, and lengths are in proportion.
    widths = looking.widths("programme_movers", ".change", "::before")
    longest = max(range(len(shown)), key=lambda place: abs(shown[place]))
    for change, width in zip(shown, widths, strict=True):
        assert width / widths[longest] == pytest.approx(abs(change / shown[longest]), abs=0.05)
    amounts = [
        amount
        for (amount,) in asked.rows(
            "select forecast_revenue from marts.revenue_forecast_totals "
            "where dimension = 'programme' order by quarter_start"
        )
    ]
    # A small programme knows too few outcomes.
    if amounts == [None] * len(amounts):
        assert "No forecast yet" in looking.text("programme_forecast")
    else:
        assert looking.texts("programme_forecast", ".bar-value") == [
            look.money(amount) for amount in amounts
        ]
        widths = looking.widths("programme_forecast", ".bar")
        assert widths[0] / widths[1] == pytest.approx(amounts[0] / amounts[1], abs=0.02)
    due = asked.one("select min(due_on) from marts.recommended_actions where state != 'no action'")
    assert looking.column("programme_actions", "due_on")[0] == str(due)


def test_a_filter_holds_on_its_page_and_on_the_next(looking: Looking, asked: Asked):
    looking.open("/")
    segment = asked.one("select max(segment) from marts.partner_scorecards")
    left = asked.one(
        "select count(*) from marts.partner_scorecards where segment = $segment", segment=segment
    )
    looking.choose("programme-segment", str(segment))
    looking.wait_for(lambda: looking.text("programme_stamp").startswith(f"{left} of "))
    assert sum(map(sum, looking.cells())) == asked.one(
        f"select count(*) from marts.partner_scorecards where {SCORED} and segment = $segment",
        segment=segment,
    )
    looking.browser.find_element("link text", "Segments").click()
    looking.wait_for(lambda: looking.text("segments_stamp").startswith(f"{left} of "))
    # And back: the first page comes drawn for everybody, and is drawn again for what is chosen.
    looking.browser.find_element("link text", "Programme").click()
    looking.wait_for(lambda: looking.text("programme_stamp").startswith(f"{left} of "))
    listed = looking.wait_for(lambda: looking.column("programme_partners", "segment"))
    assert set(listed) == {segment}
    looking.open("/segments")
    looking.choose("segments-segment", "All segments")
    looking.wait_for(lambda: not looking.text("segments_stamp").startswith(f"{left} of "))


def test_from_the_programme_to_a_partner_to_a_driver_to_its_records(looking: Looking, asked: Asked):
    revenue, engagement, most = asked.rows(
        f"select revenue_band, engagement_band, count(*) from marts.partner_scorecards "
        f"where {SCORED} group by all order by count(*) desc, 1, 2"
    )[0]
    looking.open(links.to("programme", cell="all"))
    looking.click_part("programme_cells", f"{revenue} revenue, {engagement} engagement")
    looking.wait_for(lambda: f" of {most}" in looking.text("programme_partners").replace(",", ""))
    bands = looking.column("programme_partners", "revenue_band")
    assert bands and set(bands) == {revenue}

    name = looking.click_row("programme_partners", 0, "partner_name")
    looking.wait_for(lambda: "/partner" in looking.browser.current_url)
    looking.wait_for(lambda: name in looking.text("partner_headline"))
    partner_id = looking.text("partner_headline").split("\n")[1].split(" · ")[0]
    score = asked.one(
        "select revenue_score from marts.partner_scorecards where partner_id = $partner",
        partner=partner_id,
    )
    assert f"{score:.1f}" in looking.text("partner_headline")
    total = looking.chart(
        "partner_drivers",
        "return chart._fullData.filter(each => each.name == 'published score')[0].x[0];",
    )
    assert total == pytest.approx(score, abs=0.02)

    # The widest bar of those whose records are kept.
    metric = asked.one(
        "select metric from marts.partner_score_contributions inner join marts.metric_registry "
        "using (metric) where partner_id = $partner and outcome = 'revenue' and sources in "
        "(select source from marts.partner_records where partner_id = $partner) "
        "order by contribution desc limit 1",
        partner=partner_id,
    )
    middle = looking.chart(
        "partner_drivers",
        f"""for (const each of chart._fullData) {{
            const at = plain(each.y).indexOf('{look.words(metric)}');
            if (at >= 0 && each.customdata) return each.base[at] + each.x[at] / 2;
        }}""",
    )
    looking.click_chart("partner_drivers", middle, look.words(metric))
    looking.wait_for(
        lambda: looking.text("partner_metric").lower().startswith(look.words(metric).lower())
    )
    kept = asked.one(
        "select count(*) from marts.partner_records as records inner join marts.metric_registry "
        "as registry on registry.metric = $metric and registry.sources = records.source "
        "where partner_id = $partner and weeks_back < coalesce(window_weeks, 9999)",
        metric=metric,
        partner=partner_id,
    )
    looking.wait_for(lambda: f"of {kept}" in looking.text("partner_records").replace(",", ""))
    newest = looking.column("partner_records", "source_record_id")[0]
    assert asked.one(
        "select count(*) from marts.partner_records "
        "where partner_id = $partner and source_record_id = $record",
        partner=partner_id,
        record=newest,
    )
    assert not looking.complaints()


def test_the_first_page_comes_drawn_for_what_its_address_says(address: str, asked: Asked):
    segment, cell, listed = asked.rows(
        f"select segment, cell, count(*) from marts.partner_scorecards where {SCORED} "
        "group by all order by count(*) desc, 1, 2"
    )[0]
    left = asked.one(
        "select count(*) from marts.partner_scorecards where segment = $segment", segment=segment
    )
    with chromium() as browser:
        other = Looking(browser, address).open(links.to("programme", segment=segment, cell=cell))
        assert other.text("programme_stamp").startswith(f"{left} of ")
        assert f" of {listed}" in other.text("programme_partners").replace(",", "")
        answers = browser.execute_script(
            "return performance.getEntriesByType('resource')"
            ".filter(each => each.name.includes('_dash-update-component')).length;"
        )
        assert answers == 1, "the page asked again for what it came with"


def test_from_a_mover_to_its_partner_and_the_same_score(looking: Looking):
    looking.open(links.to("programme", outcome="engagement"))
    name = looking.texts("programme_movers", ".plain-link")[0]
    looking.browser.find_element("css selector", "#programme_movers .plain-link").click()
    looking.wait_for(lambda: "/partner" in looking.browser.current_url)
    looking.wait_for(lambda: name in looking.text("partner_headline"))
    looking.wait_for(
        lambda: (
            looking.chart("partner_trajectory", "return chart._fullLayout.yaxis.title.text;")
            == "engagement score"
        )
    )
    address = urlsplit(looking.browser.current_url)
    assert links.read(address.query)["partner-outcome"] == "engagement"


def test_from_an_action_to_its_partner(looking: Looking, asked: Asked):
    looking.open("/")
    name = looking.click_row("programme_actions", 0, "partner_name")
    looking.wait_for(lambda: "/partner" in looking.browser.current_url)
    looking.wait_for(lambda: name in looking.text("partner_headline"))
    partner_id = looking.text("partner_headline").split("\n")[1].split(" · ")[0]
    actions = asked.rows(
        "select title from marts.recommended_actions where partner_id = $partner",
        partner=partner_id,
    )
    assert actions
    for (title,) in actions:
        assert title in looking.text("partner_actions")


def test_a_link_shows_somebody_else_the_same(address: str, asked: Asked):
    partner_id, name, score = asked.rows(
        "select partner_id, partner_name, engagement_score from marts.partner_scorecards "
        "where status = 'published' order by partner_id desc"
    )[0]
    shared = f"/open/partner?partner={partner_id}&outcome=engagement&metric=portal_active_days"
    with chromium() as browser:
        other = Looking(browser, address).open(shared)
        assert name in other.text("partner_headline")
        assert other.text("partner_metric").startswith("Portal active days")
        total = other.chart(
            "partner_drivers",
            "return chart._fullData.filter(each => each.name == 'published score')[0].x[0];",
        )
        assert total == pytest.approx(score, abs=0.02)
        # What the address bar shows by now is such a link too.
        copied = browser.current_url.removeprefix(address)
    with chromium() as browser:
        third = Looking(browser, address).open(copied)
        assert name in third.text("partner_headline")
        assert third.text("partner_metric").startswith("Portal active days")


def test_what_is_chosen_on_the_other_pages_changes_them(looking: Looking, asked: Asked):
    looking.open("/segments")
    looking.pick("segments-by", "region")
    for (region,) in asked.rows("select distinct region from marts.partner_scorecards"):
        looking.wait_for(lambda region=region: region in looking.text("segments_summary"))

    looking.open("/scenarios")
    scenario, question = asked.rows(
        "select scenario, question from marts.scenario_definitions order by question desc"
    )[0]
    looking.choose("scenarios-scenario", question)
    looking.wait_for(lambda: question in looking.text("scenarios_headline"))
    expected = dict(
        asked.rows(
            "select segment, mean_difference from marts.scenario_summaries "
            "where scenario = $scenario and outcome = 'revenue' and segment != 'all'",
            scenario=scenario,
        )
    )
    names, means = looking.wait_for(
        lambda: looking.chart(
            "scenarios_segments",
            "return [plain(chart._fullData[0].y), plain(chart._fullData[0].x)];",
        )
    )
    assert dict(zip(names, means, strict=True)) == pytest.approx(expected, abs=1e-6)

    looking.open("/governance")
    passed, total = asked.rows(
        "select count_if(status = 'passed'), count(*) from marts.quality_checks "
        "where run_id = (select run_id from release.about)"
    )[0]
    assert f"{passed} of {total}" in looking.text("governance_headline")
    looking.pick("governance-kind", "metrics: their level")
    looking.wait_for(
        lambda: (
            "onboarding pace"
            in looking.chart("governance_drift", "return plain(chart._fullData[0].y);")
        )
    )
    assert not looking.complaints()


def test_a_new_release_shows_without_a_restart_and_its_text_is_no_markup(
    looking: Looking, asked: Asked
):
    looking.open("/")
    before = looking.text("programme_stamp")
    hostile = "<img src=x onerror=\"document.title='taken'\"><b>Bold</b> & [a](javascript:alert(1))"
    partner_id = asked.one(
        "select partner_id from marts.partner_score_changes inner join marts.partner_scorecards "
        f"using (partner_id) where {SCORED} and outcome = 'revenue' and weeks_back = 1 "
        "order by score_change desc, partner_id limit 1"
    )
    renamed = hostile.replace("'", "''")
    release_id = publish_changed(
        asked.settings,
        [
            f"update marts.partner_scorecards set partner_name = '{renamed}', gaps = '{renamed}' "
            f"where partner_id = '{partner_id}'",
            f"delete from marts.partner_scorecards where partner_id = (select max(partner_id) "
            f"from marts.partner_scorecards where partner_id != '{partner_id}')",
        ],
    )
    looking.open("/")
    after = looking.text("programme_stamp")
    assert release_id in after and release_id not in before
    left = asked.one("select count(*) from marts.partner_scorecards")
    assert after.startswith(f"{left} of ")

    assert hostile in looking.texts("programme_movers", ".plain-link")
    looking.open(links.to_partner(str(partner_id)))
    assert hostile in looking.text("partner_headline")
    assert hostile in looking.text("partner_reasons")
    assert looking.browser.title != "taken"
    assert not looking.browser.find_elements("css selector", "#page-components img[src='x']")
    assert not looking.complaints()
