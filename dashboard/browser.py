"""A headless Chromium on this machine, for pictures and tests: fresh profile, nothing extra."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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


# What a page still waits for. It is drawn when nothing loads, it has its own letters, and each
# text, chart and list has its content: a title is none, nor is a list without its rows.
UNDRAWN = """
    const undrawn = () => {
        const page = document.querySelector('#page-components');
        const parts = page ? [...page.querySelectorAll('.figure-container')] : [];
        if (!parts.length || document.fonts.status != 'loaded') return [document.body];
        const all = kind => [...page.querySelectorAll(kind)];
        return [
            ...document.querySelectorAll('.dash-spinner, ._dash-loading'),
            ...all('[data-dash-is-loading="true"]'),
            ...all('.dash-graph').filter(each => !each.querySelector('.main-svg')
                || getComputedStyle(each).visibility == 'hidden'),
            ...all('.table-container').filter(
                each => !each.querySelector('.ag-row, .ag-overlay-no-rows-center')),
            ...parts.filter(
                each => each.textContent.trim() == '' && !each.querySelector('.main-svg')),
        ];
    };
"""

# Run in a page before anything of its own: the milliseconds after which all that a reader sees
# without scrolling was drawn (`seen`), and all of the page (`drawn`). What is in the document now
# is on the screen a frame later.
WATCH = f"""
    {UNDRAWN}
    window.seenAfter = window.drawnAfter = null;
    const note = name => requestAnimationFrame(
        () => setTimeout(() => {{ window[name] ??= performance.now(); }}));
    const look = () => {{
        if (!document.body) return setTimeout(look, 5);
        const left = undrawn();
        if (!left.some(each => each.getBoundingClientRect().top < innerHeight)) note('seenAfter');
        if (left.length) setTimeout(look, 50); else note('drawnAfter');
    }};
    look();
"""


def wait_until_ready(opened: webdriver.Chrome, seconds: float = 60) -> None:
    """Wait until the page that is open shows all its figures."""
    WebDriverWait(opened, seconds, poll_frequency=0.05).until(
        lambda browser: browser.execute_script(UNDRAWN + "return !undrawn().length")
    )


@dataclass(frozen=True)
class Opening:
    """What it took a browser with an empty cache to show a page."""

    seen: float  # seconds until all that is seen without scrolling is on the screen
    drawn: float  # seconds until all of the page is
    page_seconds: float  # of processor time that scripts, styles and layout of the page took
    requests: int
    megabytes: float  # of what was fetched, as it came over the wire
    scripts: set[str]


def opening(address: str) -> Opening:
    """Open a page in a new browser and measure."""
    with chromium() as opened:
        opened.get("about:blank")
        opened.execute_cdp_cmd("Performance.enable", {})
        opened.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        opened.get(address)
        seen, drawn = WebDriverWait(opened, 60, poll_frequency=0.25).until(
            lambda browser: browser.execute_script(
                "return window.seenAfter && window.drawnAfter && [seenAfter, drawnAfter]"
            )
        )
        found = opened.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        fetched = opened.execute_script(
            "return performance.getEntries().filter(each => each.transferSize !== undefined)"
            ".map(each => [each.name, each.transferSize]);"
        )
    return Opening(
        seen=seen / 1000,
        drawn=drawn / 1000,
        page_seconds={each["name"]: each["value"] for each in found}["ThreadTime"],
        requests=len(fetched),
        megabytes=sum(size for _, size in fetched) / 1e6,
        scripts={name for name, _ in fetched if name.partition("?")[0].endswith(".js")},
    )
