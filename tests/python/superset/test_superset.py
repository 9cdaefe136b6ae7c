"""Apache Superset over a release: its numbers are those of SQL, its SQL reaches nothing else, and
it goes on while releases change. `make test-superset`."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from dashboard.browser import chromium
from orchestration import publishing
from orchestration.run_facts import gather_facts
from tests.python.superset.client import PASSWORD, USER
from tests.python.superset.conftest import PYTHON, Served

pytestmark = pytest.mark.superset

NOW = "is_newest and is_scored"
SCORES = """
    select segment, count(*), avg(revenue_score) from marts.partner_scorecards
    where status in ('provisional', 'published') group by segment"""
CHARTS = 9
DRAWN = """
    const charts = [...document.querySelectorAll('.dashboard-component-chart-holder')];
    return charts.filter(each => each.querySelector('canvas, table, .header-line')
        && !each.querySelector('.loading, .ant-alert-error, [data-test="error-message"]')).length;
"""


def by_segment(served: Served) -> dict[str, tuple[int, float]]:
    """What the file of the served release says, asked without Superset."""
    return {
        segment: (count, round(mean, 6))
        for segment, count, mean in served.programme.released(SCORES)
    }


def shown(served: Served) -> dict[str, tuple[int, float]]:
    """What Superset says, as its charts ask."""
    client = served.client()
    dataset = client.named("dataset", "table_name")["weeks_of_partners"]
    rows = client.data(dataset, ["partners", "mean_revenue_score"], ["segment"], NOW)
    return {row["segment"]: (row["partners"], round(row["mean_revenue_score"], 6)) for row in rows}


@pytest.fixture
def browser(superset: Served) -> Iterator[WebDriver]:
    """Signed in, in a Chromium that can reach this machine and nothing else."""
    with chromium((1500, 1800)) as opened:
        opened.set_page_load_timeout(180)
        opened.get(f"{superset.base}/login/")
        password = WebDriverWait(opened, 120).until(
            lambda page: page.find_element(By.CSS_SELECTOR, "input[type=password]")
        )
        opened.find_element(By.CSS_SELECTOR, "#username, input[name=username]").send_keys(USER)
        password.send_keys(PASSWORD)
        password.submit()
        WebDriverWait(opened, 120).until(lambda page: "/login" not in page.current_url)
        yield opened


def open_dashboard(browser: WebDriver, served: Served) -> str:
    """Open the dashboard and wait until every chart is drawn; gives the text of the page."""
    browser.get(f"{served.base}/superset/dashboard/partner-programme/")
    try:
        WebDriverWait(browser, 180).until(lambda page: page.execute_script(DRAWN) == CHARTS)
    finally:
        text = browser.find_element(By.TAG_NAME, "body").text
    if folder := os.environ.get("PICTURES"):
        time.sleep(2)  # lines and bars grow for a moment
        browser.save_screenshot(str(Path(folder) / "superset.png"))
    return text


def big_number(browser: WebDriver, title: str) -> str:
    for chart in browser.find_elements(By.CSS_SELECTOR, ".dashboard-component-chart-holder"):
        if title in chart.text:
            return chart.find_element(By.CSS_SELECTOR, ".header-line").text
    raise LookupError(title)


def test_charts_say_what_the_release_says(superset: Served):
    found = shown(superset)
    assert found and found == by_segment(superset)


def test_the_dashboard_is_drawn_and_nothing_is_asked_of_other_machines(superset: Served, browser):
    text = open_dashboard(browser, superset)
    assert superset.programme.served in text
    ((published,),) = superset.programme.released(
        "select count(*) from marts.partner_scorecards where status = 'published'"
    )
    assert big_number(browser, "Published partners") == f"{published:,}"
    asked, answered, stopped = requests(browser)
    outside = {url for url in asked if not url.startswith((superset.base, "data:", "blob:"))}
    outside = {url for url in outside if not url.startswith("chrome")}
    # The one address outside is a pixel that is built into Superset's pages; their policy stops it.
    assert outside == stopped and not outside & answered
    assert len(answered) > 20


def requests(browser: WebDriver) -> tuple[set[str], set[str], set[str]]:
    """Addresses that were asked for, that answered, and that the page's own policy stopped."""
    addresses: dict[str, str] = {}
    answered, stopped = set(), set()
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        given = message["params"]
        if message["method"] == "Network.requestWillBeSent":
            addresses[given["requestId"]] = given["request"]["url"]
        elif message["method"] == "Network.responseReceived":
            answered.add(given["response"]["url"])
        elif given.get("blockedReason") == "csp":
            stopped.add(addresses[given["requestId"]])
    return set(addresses.values()), answered, stopped


def test_a_filter_narrows_every_number(superset: Served, browser):
    open_dashboard(browser, superset)
    segment, ((published,),) = (
        "reseller",
        superset.programme.released(
            "select count(*) from marts.partner_scorecards "
            "where status = 'published' and segment = 'reseller'"
        ),
    )
    before = big_number(browser, "Published partners")
    box = browser.find_element(By.CSS_SELECTOR, ".filter-item-wrapper input, .ant-select input")
    box.send_keys(segment)
    option = f"//div[contains(@class, 'ant-select-item-option') and @title='{segment}']"
    WebDriverWait(browser, 60).until(lambda page: page.find_elements(By.XPATH, option))
    browser.find_element(By.XPATH, option).click()
    browser.find_element(By.CSS_SELECTOR, '[data-test="filter-bar__apply-button"]').click()
    WebDriverWait(browser, 120).until(
        lambda page: big_number(page, "Published partners") == f"{published:,}"
    )
    assert before != f"{published:,}"


REFUSED = [
    "select * from read_text('/etc/hostname')",
    "select * from '/etc/hostname'",
    "select * from glob('/etc/*')",
    "copy (select 1) to '/tmp/superset_out.csv'",
    "attach '/tmp/superset_new.duckdb' as other",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "create table marts.mine as select 1 as x",
    "delete from marts.partner_score_history",
]


def test_the_sql_of_sql_lab_reaches_the_release_and_nothing_else(superset: Served):
    client = superset.client()
    database = client.named("database", "database_name")["Partner scoring"]
    status, answer = client.sql(database, "select count(*) as n from marts.partner_scorecards")
    ((partners,),) = superset.programme.released("select count(*) from marts.partner_scorecards")
    assert (status, answer["data"]) == (200, [{"n": partners}])
    for statement in REFUSED:
        status, answer = client.sql(database, statement)
        assert status >= 400, (statement, answer)
    assert not Path("/tmp/superset_out.csv").exists()
    assert not Path("/tmp/superset_new.duckdb").exists()


def republish(served: Served, score: float) -> str:
    """A release in which every partner that has a revenue score has this one."""
    settings = served.programme.settings()
    with duckdb.connect(str(settings.working_database)) as connection:
        connection.execute(
            "update scores.outcome_scores set revenue_score = ? where revenue_score is not null",
            [score],
        )
        connection.execute(
            "update marts.partner_scorecards set revenue_score = ? where revenue_score is not null",
            [score],
        )
        found = connection.execute(
            "select run_id from quality.check_results order by checked_at desc limit 1"
        ).fetchone()
    assert found is not None
    return publishing.publish(settings, gather_facts(settings, found[0])).id


def test_it_goes_on_while_releases_change_and_shows_the_new_one(superset: Served, browser):
    """Three releases while four readers ask; nothing is restarted."""
    seen: list[float] = []
    wrong: list[str] = []
    done = threading.Event()

    def read() -> None:
        client = superset.client()
        dataset = client.named("dataset", "table_name")["weeks_of_partners"]
        while not done.is_set():
            try:
                (row,) = client.data(dataset, ["mean_revenue_score"], [], NOW)
                seen.append(round(row["mean_revenue_score"], 6))
            except Exception as error:
                wrong.append(repr(error))

    first = shown(superset)
    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        releases = [republish(superset, score) for score in (41.0, 42.0, 43.0)]
        time.sleep(2)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert not wrong
    assert {41.0, 42.0, 43.0} <= set(seen) and len(set(seen)) == 4  # and the one of before
    assert shown(superset) == by_segment(superset) != first
    text = open_dashboard(browser, superset)
    assert releases[-1] in text and big_number(browser, "Mean revenue score") == "43.0"


def test_the_server_connects_to_nothing_but_this_machine(superset: Served):
    """The last test: all that the others made it do is in the list."""
    shown(superset)
    assert not strangers(superset.connections)
    # The list is kept: what any program of that environment connects to gets into it.
    address = "(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"  # sends nothing
    attempt = f"import socket; socket.socket{address}"
    watched = str(Path(__file__).with_name("watched"))
    env = {"PYTHONPATH": watched, "CONNECTIONS": str(superset.connections)}
    subprocess.run([PYTHON, "-c", attempt], env=env, check=True)
    assert len(strangers(superset.connections)) == 1


def strangers(connections: Path) -> list[str]:
    """Addresses that are not of this machine."""
    lines = connections.read_text().splitlines()
    return [line for line in lines if "127.0.0.1" not in line and "localhost" not in line]
