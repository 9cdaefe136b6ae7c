"""A scorecard in headless Chromium: nothing is asked for, nothing is cut off, on any screen."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from orchestration.publishing import open_release
from orchestration.scorecards import Reader, as_html
from tests.python.pipeline.running import Programme

pytestmark = pytest.mark.browser
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    for each in OPTIONS:
        options.add_argument(each)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    options.binary_location = shutil.which("chromium") or ""
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    found = webdriver.Chrome(options=options, service=service)
    yield found
    found.quit()


@pytest.fixture(scope="module")
def card(released: Programme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with open_release(released.settings()) as connection:
        reader = Reader(connection)
        (partner_id,) = connection.execute(
            "select partner_id from marts.partner_scorecards where status = 'published' "
            "order by tenure_week desc, partner_id"
        ).fetchone() or ("",)
        page = as_html(reader, reader.card(partner_id), "EUR")
    path = tmp_path_factory.mktemp("card") / "card.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [360, 820, 1400])
def test_a_card_fits_and_asks_for_nothing(
    browser: webdriver.Chrome, card: Path, width: int
) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.get_log("performance")
    browser.get(card.as_uri())
    messages = [json.loads(each["message"])["message"] for each in browser.get_log("performance")]
    asked = [
        each["params"]["request"]["url"]
        for each in messages
        if each["method"] == "Network.requestWillBeSent"
    ]
    assert asked == [card.as_uri()]
    assert [each for each in browser.get_log("browser") if each["level"] == "SEVERE"] == []
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width, "a reader has to scroll sideways"
    pictures = browser.find_elements(By.CSS_SELECTOR, "figure svg")
    assert len(pictures) == 2
    assert all(each.size["width"] > 200 and each.size["height"] > 40 for each in pictures)
    assert browser.find_element(By.TAG_NAME, "h1").is_displayed()
    assert browser.title.startswith("Scorecard of ")
