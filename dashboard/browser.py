"""A headless Chromium on this machine, for pictures and tests: fresh profile, nothing extra."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)
SIZE = (1400, 900)


@contextmanager
def chromium(size: tuple[int, int] = SIZE) -> Iterator[webdriver.Chrome]:
    """Debian's chromium and its driver; LookupError if they are not installed."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not program or not driver:
        raise LookupError("Install Chromium and its driver (Debian: chromium, chromium-driver).")
    options = Options()
    options.binary_location = program
    for flag in (*FLAGS, f"--window-size={size[0]},{size[1]}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with tempfile.TemporaryDirectory() as profile:
        options.add_argument(f"--user-data-dir={profile}")
        opened = webdriver.Chrome(options=options, service=Service(driver))
        try:
            # The window of a headless browser has a frame: make the page itself of the size.
            opened.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False},
            )
            yield opened
        finally:
            opened.quit()


def requested(opened: webdriver.Chrome) -> set[str]:
    """Addresses that the browser asked for since the last look."""
    found = set()
    for entry in opened.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            found.add(message["params"]["request"]["url"])
    return found


# Figures are filled in after the page: ready is when nothing loads and every chart is drawn.
READY = """
    const page = document.querySelector('#page-components');
    if (!page || document.querySelector('.dash-spinner, ._dash-loading')) return false;
    if (document.querySelector('[data-dash-is-loading="true"]')) return false;
    const graphs = [...page.querySelectorAll('.dash-graph')];
    const texts = [...page.querySelectorAll('.figure-container')];
    return texts.length > 0
        && graphs.every(each => each.querySelector('.main-svg')
            && getComputedStyle(each).visibility != 'hidden')
        && texts.every(each => each.textContent.trim() != '' || each.querySelector('.main-svg'));
"""


def wait_until_ready(opened: webdriver.Chrome, seconds: float = 60) -> None:
    """Wait until the page that is open shows all its figures."""
    WebDriverWait(opened, seconds, poll_frequency=0.05).until(
        lambda browser: browser.execute_script(READY)
    )
